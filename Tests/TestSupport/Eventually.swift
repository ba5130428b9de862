import Glibc

/// Waits until something is so. The limit is for what would never come; a busy machine may take its time.
package func eventually(within seconds: Double = 300, _ condition: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while try !condition() {
        guard .now < end else { return false }
        usleep(5_000)
    }
    return true
}

/// The processor time that this thread takes for something: it does not depend on what else the machine does.
package func processorTime(_ body: () throws -> Void) rethrows -> Duration {
    func now() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
    let start = now()
    try body()
    return now() - start
}
