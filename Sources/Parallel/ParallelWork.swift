import Synchronization

/// What the threads of one `inParallel` share.
package final class ParallelWork<T: Sendable, R: Sendable, E: Error>: Sendable {
    private struct Progress {
        var next = 0
        var threads = 0
        var results: [R?]
        var failure: (index: Int, error: E)?
    }

    private let items: [T]
    private let body: @Sendable (T) throws(E) -> R
    private let progress: Mutex<Progress>

    package init(_ items: [T], _ body: @escaping @Sendable (T) throws(E) -> R) {
        self.items = items
        self.body = body
        progress = Mutex(Progress(results: Array(repeating: nil, count: items.count)))
    }

    /// So many threads are about to run.
    package func begin(_ threads: Int) { progress.withLock { $0.threads = threads } }

    /// Whether it was the last of them.
    package func end() -> Bool {
        progress.withLock {
            $0.threads -= 1
            return $0.threads == 0
        }
    }

    /// Takes items, in order, until none is left or one has failed.
    package func run() {
        while let index = take() {
            do throws(E) {
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
    package func results() throws(E) -> [R] {
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
