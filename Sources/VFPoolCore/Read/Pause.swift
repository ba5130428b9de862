import Glibc

/// Waiting without Swift's concurrency, which nothing here uses.
enum Pause {
    static func milliseconds(_ count: UInt32) { usleep(count * 1000) }
}
