import Parallel

/// The same as of any items, of calls to libvirt: a thread that is watched has its threads watched, too.
package func inParallel<T: Sendable, R: Sendable>(
    _ items: [T], width: Int = 16, _ body: @Sendable (T) throws(LibvirtError) -> R
) throws(LibvirtError) -> [R] {
    let isWatched = Worker.isWatched
    return try Parallel.inParallel(items, width: width, entering: { Worker.isWatched = isWatched }, body)
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
