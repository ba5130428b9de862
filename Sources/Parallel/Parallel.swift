import Glibc

/// The results of `body` for all items, in the items' order, with up to `width` at once.
///
/// Throws what a plain loop would throw: the error of the first item, in order, that fails. Items in flight then are
/// finished first, and no more are begun.
///
/// - Parameter entering: what each thread but this one does first.
package func inParallel<T: Sendable, R: Sendable, E: Error>(
    _ items: [T], width: Int = 16, entering: @escaping @Sendable () -> Void = {},
    _ body: @Sendable (T) throws(E) -> R
) throws(E) -> [R] {
    guard width > 1, items.count > 1 else { return try items.map(body) }
    // What the compiler makes of this has the length of the file's path in it, up to the function's end, and would be another
    // wherever it is built: so it gets a name that no file has.
    #sourceLocation(file:"ParallelHere.swift",line:1)
    return try withoutActuallyEscaping(body) { body throws(E) in
        let work = ParallelWork(items, body)
        // This thread works too, so there is always one.
        let threads = (1..<min(width, items.count)).compactMap { _ in
            Thread.start {
                entering()
                work.run()
            }
        }
        work.run()
        for thread in threads { pthread_join(thread, nil) }
        return try work.results()
    }
}
#sourceLocation()
