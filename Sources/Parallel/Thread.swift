package import Glibc

/// Threads of our own: libvirt's calls block, and Swift's pool has only as many threads as there are cores.
package enum Thread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a thread that has to be joined or detached; `nil` if the system has none left.
    package static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        // Address space, not memory: only what is used of a stack gets any. Enough for libvirt's RELAX NG recursion.
        pthread_attr_setstacksize(&attributes, 1 << 20)

        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let error = pthread_create(&thread, &attributes, run, work.toOpaque())
        guard error == 0 else {
            work.release()
            return nil
        }
        return thread
    }

    private static let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { work in
        if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
        return nil
    }
}
