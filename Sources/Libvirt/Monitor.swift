// To Swift, POSIX thread types are of the first module that includes their header without Glibc.
import CLibvirt
import Glibc

/// A mutex with a condition, for threads that wait for each other: for so long, whatever is done to the host's clock.
final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    func locked<R>(_ body: () -> R) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Wakes all that wait.
    func wake() { pthread_cond_broadcast(changed) }

    /// Waits to be woken, which may happen without a reason. Only within `locked`, whose lock is free meanwhile.
    func wait() { pthread_cond_wait(changed, mutex) }

    /// Waits until then at most. Only within `locked`.
    func wait(until end: Double) {
        var deadline = timespec()
        deadline.tv_sec = Int(end)
        deadline.tv_nsec = Int((end - end.rounded(.down)) * 1e9)
        pthread_cond_timedwait(changed, mutex, &deadline)
    }

    /// Seconds since some moment before this process.
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
