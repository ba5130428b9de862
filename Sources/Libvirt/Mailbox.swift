// To Swift, POSIX thread types are of the first module that includes their header without Glibc.
import CLibvirt
import Glibc

/// Values that one thread leaves under a name and another waits for.
final class Mailbox<Value: Sendable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var values: [String: Value] = [:]

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // Setting the host's clock mustn't lengthen a wait.
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

    func leave(_ value: Value, under name: String) {
        pthread_mutex_lock(mutex)
        values[name] = value
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    /// Takes what lies under `name`, or `nil` if nothing does within `seconds`.
    func take(_ name: String, within seconds: Double) -> Value? {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let end = Double(deadline.tv_nsec) / 1e9 + min(max(seconds, 0), 1e9)
        deadline.tv_sec += Int(end)
        deadline.tv_nsec = Int((end - end.rounded(.down)) * 1e9)

        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while values[name] == nil {
            if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { break }
        }
        return values.removeValue(forKey: name)
    }
}
