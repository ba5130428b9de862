import Glibc

/// The children that run now, and the hosts that are still to be asked.
struct ParallelChildren {
    private let children: Children
    private let commands: [[[String]]]
    private var next = 0
    private var running: [RunningChild] = []
    /// Ends of the earlier commands of hosts that are not finished.
    private var earlier: [Int: [ChildEnd]] = [:]
    /// Killed, and still to be asked for by the kernel's rules; one in the middle of a dead disk's call may not end for long.
    private var lingering: [pid_t] = []

    init(_ children: Children, _ commands: [[[String]]]) {
        self.children = children
        self.commands = commands
    }

    var isEmpty: Bool { running.isEmpty && next == commands.count }

    /// Starts as many as may run at once.
    mutating func fill(_ body: (Int, [ChildEnd]) -> Void) {
        while running.count < max(1, children.width), next < commands.count {
            let host = next
            next += 1
            let deadline = children.seconds.map { ContinuousClock.now + .seconds($0) }
            if !start(host, 0, deadline) { body(host, earlier.removeValue(forKey: host) ?? []) }
        }
    }

    /// - Returns: false where it could not be started, which is its end.
    private mutating func start(_ host: Int, _ number: Int, _ deadline: ContinuousClock.Instant?) -> Bool {
        guard number < commands[host].count else { return false }
        do throws(SystemCode) {
            let child = try Spawning.start(children.program, commands[host][number])
            running.append(RunningChild(host: host, number: number, child, deadline: deadline))
            return true
        } catch {
            earlier[host, default: []].append(ChildEnd(.notStarted(error.number)))
            return false
        }
    }

    // MARK: Waiting

    /// Waits until something is printed, a child ends, a signal comes or a time is over, and reads what there is.
    mutating func wait(for signals: Int32) {
        var files = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
        let readable = readableOutputs()
        for index in running.indices {
            let output = readable.contains(index) ? running[index].files.output : -1
            for file in [output, running[index].files.errors] {
                files.append(pollfd(fd: file, events: Int16(POLLIN), revents: 0))
            }
        }
        guard poll(&files, nfds_t(files.count), timeout) > 0 else { return }
        for index in running.indices {
            if files[2 * index + 1].revents != 0 { running[index].readOutput(limit: children.limit) }
            if files[2 * index + 2].revents != 0 { running[index].readErrors() }
            if running[index].output.count > children.limit { running[index].end(.tooLarge) }
        }
    }

    /// Those whose output is taken up: all, or where that gets too much the first alone, which comes to its end or its limit.
    private func readableOutputs() -> Range<Int> {
        let sum = running.reduce(0) { $0 + $1.output.count }
        return sum <= children.limit ? running.indices : running.indices.prefix(1)
    }

    /// In milliseconds, until the first time is over; at most until all are asked again whether they have ended. Of that a signal tells,
    /// unless another thread gets it; and who has closed its files is about to end.
    private var timeout: Int32 {
        let most: Int32 = running.contains { $0.files == (-1, -1) } ? 2 : 250
        guard let first = running.compactMap(\.deadline).min() else { return most }
        let (seconds, attoseconds) = (first - ContinuousClock.now).components
        return min(most, Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)))
    }

    // MARK: Ending

    /// Takes leave of those that have ended, or whose time is over.
    mutating func finish(_ isWell: (ChildEnd) -> Bool, _ body: (Int, [ChildEnd]) -> Void) {
        lingering.removeAll { Self.status(of: $0) != nil }
        var left: [RunningChild] = []
        let now = ContinuousClock.now
        let all = running
        running = []
        for var child in all {
            if let status = Self.status(of: child.id) {
                end(child.host, child.close(status: status, limit: children.limit), child, isWell, body)
            } else if child.reason != nil || child.deadline.map({ $0 <= now }) ?? false {
                child.end(.timedOut)
                lingering.append(child.id)
                end(child.host, child.close(status: nil, limit: children.limit), child, isWell, body)
            } else {
                left.append(child)
            }
        }
        running = left + running
    }

    private mutating func end(
        _ host: Int, _ end: ChildEnd, _ child: RunningChild, _ isWell: (ChildEnd) -> Bool,
        _ body: (Int, [ChildEnd]) -> Void
    ) {
        earlier[host, default: []].append(end)
        if isWell(end), child.number + 1 < commands[host].count, start(host, child.number + 1, child.deadline) {
            return
        }
        body(host, earlier.removeValue(forKey: host) ?? [])
    }

    /// Ends all of them.
    mutating func end() {
        for index in running.indices {
            running[index].end(.timedOut)
            _ = running[index].close(status: nil, limit: children.limit)
            lingering.append(running[index].id)
        }
        running = []
        // They end at once, but for one in the middle of a dead disk's call.
        for _ in 0..<1000 where !lingering.isEmpty {
            lingering.removeAll { Self.status(of: $0) != nil }
            if !lingering.isEmpty { usleep(10_000) }
        }
    }

    /// How it ended; nil where it still runs.
    private static func status(of id: pid_t) -> Int32? {
        var status: Int32 = 0
        let answer = waitpid(id, &status, WNOHANG)
        if answer == id { return status }
        // Nobody else asks for it: then it can't be known.
        return answer < 0 && errno == ECHILD ? 0 : nil
    }
}
