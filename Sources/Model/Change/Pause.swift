import Glibc

/// Waiting without Swift's concurrency, which nothing here uses.
package enum Pause {
    package static func milliseconds(_ count: UInt32) { usleep(count * 1000) }

    /// Waits so long, or until it is enough.
    package static func seconds(_ count: Double, unless isEnough: () -> Bool) {
        let end = ContinuousClock.now + .seconds(count)
        while ContinuousClock.now < end, !isEnough() { milliseconds(50) }
    }
}
