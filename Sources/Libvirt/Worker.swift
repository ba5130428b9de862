import CLibvirt
import Glibc
import Parallel
import Synchronization

/// A thread of our own that makes one call at a time for others, who wait for it or not.
///
/// When it is done it is there for the next; one that gets no answer is left waiting.
final class Worker: @unchecked Sendable {
    private static let idle = Mutex<[Worker]>([])

    private let monitor = Monitor()
    private var job: (@Sendable () -> Void)?

    /// Has the job done, now, by whoever is there; false if the system has no thread left.
    static func start(_ job: @escaping @Sendable () -> Void) -> Bool {
        if let worker = idle.withLock({ $0.popLast() }) {
            worker.take(job)
            return true
        }
        let worker = Worker()
        worker.take(job)
        guard let thread = Thread.start({ worker.work() }) else { return false }
        pthread_detach(thread)
        return true
    }

    /// Whether someone else watches over what this thread waits for, so that it may wait for ever.
    static var isWatched: Bool {
        get { vfpool_is_watched() }
        set { vfpool_set_watched(newValue) }
    }

    private func take(_ job: @escaping @Sendable () -> Void) {
        monitor.locked {
            self.job = job
            monitor.wake()
        }
    }

    private func work() {
        while true {
            // Within, so that what the job holds goes now, not with the next.
            do { next()() }
            Self.idle.withLock { $0.append(self) }
        }
    }

    private func next() -> @Sendable () -> Void {
        monitor.locked {
            while true {
                if let job {
                    self.job = nil
                    return job
                }
                monitor.wait()
            }
        }
    }
}
