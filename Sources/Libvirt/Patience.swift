/// How long libvirt is waited for when it says nothing.
package struct Patience: Sendable {
    /// Seconds without any answer, after which a connection is given up; nil: never.
    package var seconds: Double?
    /// The same while connecting; nil: as long as for any answer.
    package var connecting: Double?
    /// Seconds for all that is asked on a connection, from when it is opened.
    package var whole: Double?
    /// Whether somebody wants to stop: `Watch.hurry` has to do from then on.
    package var isHurried: @Sendable () -> Bool

    package init(
        seconds: Double? = 30, connecting: Double? = nil, whole: Double? = nil,
        isHurried: @escaping @Sendable () -> Bool = { false }
    ) {
        self.seconds = seconds
        self.connecting = connecting
        self.whole = whole
        self.isHurried = isHurried
    }
}
