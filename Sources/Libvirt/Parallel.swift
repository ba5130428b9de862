import Glibc
import Synchronization

/// The results of `body` for all items, in the items' order, with up to `width` at once.
///
/// Throws what a plain loop would throw: the error of the first item, in order, that fails. Items in flight then are
/// finished first, and no more are begun.
package func inParallel<T: Sendable, R: Sendable>(
    _ items: [T], width: Int = 16, _ body: @Sendable (T) throws(LibvirtError) -> R
) throws(LibvirtError) -> [R] {
    guard width > 1, items.count > 1 else { return try items.map(body) }
    return try withoutActuallyEscaping(body) { body throws(LibvirtError) in
        let work = ParallelWork(items, body)
        let isWatched = Worker.isWatched
        // This thread works too, so there is always one.
        let threads = (1..<min(width, items.count)).compactMap { _ in
            Thread.start {
                Worker.isWatched = isWatched
                work.run()
            }
        }
        work.run()
        for thread in threads { pthread_join(thread, nil) }
        return try work.results()
    }
}

extension Connection {
    /// The same for calls on this connection, which then are watched together, not one by one: with many in flight that takes
    /// less time. Throws `.noAnswer` when there is none to any of them.
    package func inParallel<T: Sendable, R: Sendable>(
        _ items: [T], width: Int = 16, _ body: @escaping @Sendable (T) throws(LibvirtError) -> R
    ) throws(LibvirtError) -> [R] {
        guard width > 1, items.count > 1 else { return try items.map(body) }
        if Worker.isWatched { return try Libvirt.inParallel(items, width: width, body) }
        let work = ParallelWork(items, body)
        let pending = Pending<Void>()
        let count = min(width, items.count)
        work.begin(count)
        let started = (0..<count).count { _ in
            Worker.start {
                Worker.isWatched = true
                work.run()
                Worker.isWatched = false
                if work.end() { pending.bring(()) }
            }
        }
        // Without any thread it takes longer, and nobody watches.
        if started == 0 { work.run() }
        var isOver = false
        for _ in started..<count where work.end() { isOver = true }
        if !isOver { try line.wait(for: pending) }
        return try work.results()
    }
}

/// What the threads of one `inParallel` share.
private final class ParallelWork<T: Sendable, R: Sendable>: Sendable {
    private struct Progress {
        var next = 0
        var threads = 0
        var results: [R?]
        var failure: (index: Int, error: LibvirtError)?
    }

    private let items: [T]
    private let body: @Sendable (T) throws(LibvirtError) -> R
    private let progress: Mutex<Progress>

    init(_ items: [T], _ body: @escaping @Sendable (T) throws(LibvirtError) -> R) {
        self.items = items
        self.body = body
        progress = Mutex(Progress(results: Array(repeating: nil, count: items.count)))
    }

    /// So many threads are about to run.
    func begin(_ threads: Int) { progress.withLock { $0.threads = threads } }

    /// Whether it was the last of them.
    func end() -> Bool {
        progress.withLock {
            $0.threads -= 1
            return $0.threads == 0
        }
    }

    /// Takes items, in order, until none is left or one has failed.
    func run() {
        while let index = take() {
            do throws(LibvirtError) {
                let result = try body(items[index])
                progress.withLock { $0.results[index] = result }
            } catch {
                progress.withLock {
                    if index < $0.failure?.index ?? .max { $0.failure = (index, error) }
                }
            }
        }
    }

    /// Once all threads are done.
    func results() throws(LibvirtError) -> [R] {
        let (results, failure) = progress.withLock { ($0.results, $0.failure) }
        if let failure { throw failure.error }
        return results.compactMap { $0 }
    }

    private func take() -> Int? {
        progress.withLock {
            guard $0.failure == nil, $0.next < items.count else { return nil }
            $0.next += 1
            return $0.next - 1
        }
    }
}
