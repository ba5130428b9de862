import Libvirt
import Model

/// How long a command waits for libvirt while that gives no answer.
package struct Timeout: Sendable {
    /// nil: for ever.
    package var seconds: Double?
    /// For the whole command.
    package var whole: Double?
    /// Whether somebody wants to stop: then a few seconds have to do.
    package var isHurried: @Sendable () -> Bool

    package init(
        seconds: Double? = 30, whole: Double? = nil, isHurried: @escaping @Sendable () -> Bool = { false }
    ) {
        self.seconds = seconds
        self.whole = whole
        self.isHurried = isHurried
    }

    var patience: Patience { Patience(seconds: seconds, whole: whole, isHurried: isHurried) }
}
