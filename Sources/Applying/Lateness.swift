import Glibc
import Model

/// How long a request may take to show after the connection that it went by is lost.
///
/// What libvirt was asked is done also when nobody is left to hear the answer: a proxy or an ssh may end while the daemon
/// behind it goes on. Nothing tells whether the request was received, so the effect is looked for.
package struct Lateness: Sendable {
    /// How often to look.
    package var looks: Int
    /// Seconds before each.
    package var pause: Double

    package init(looks: Int = 25, pause: Double = 0.2) {
        self.looks = looks
        self.pause = pause
    }

    func wait() { if pause > 0 { usleep(UInt32(pause * 1_000_000)) } }
}
