import Glibc
import Libvirt
import Model
import Reading
import Reporting
import SRIOV
import Text

/// A host that is looked at for long: read again when something happens, connected again when its daemon is back.
final class LiveHost {
    enum News {
        case changes([HostChange])
        /// The daemon does not answer any more, or answers again: then with what changed meanwhile.
        case lost(Failure)
        case back([HostChange])

        /// What the connection did.
        var connection: HostChange? {
            switch self {
            case .changes: return nil
            case .lost(let failure):
                return HostChange(.connection, "lost", "libvirt does not answer any more: \(failure.message)")
            case .back(let changes):
                let count = changes.isEmpty ? "nothing was missed" : "missed: " + Words.count(changes.count, "change")
                return HostChange(.connection, "back", "libvirt answers again; \(count)")
            }
        }

        /// What the host did.
        var changes: [HostChange] {
            switch self {
            case .changes(let changes), .back(let changes): changes
            case .lost: []
            }
        }

        /// Whether it happened while the daemon did not answer.
        var isMissed: Bool { if case .back = self { true } else { false } }
    }

    private let connection: ConnectionOptions
    private let output: Output
    private var host: Host?
    private var events: HostEvents?
    private let links: LinkEvents?
    private(set) var state: State
    private(set) var report: Report
    /// How often it was read.
    private(set) var readings = 1
    private var pace = LivePace()
    /// When connecting may be tried again.
    private var retry = 0.0

    init(_ connection: ConnectionOptions, _ output: Output) throws(Failure) {
        self.connection = connection
        self.output = output
        let host = try Host.open(connection.uri, readOnly: true, events: true, timeout: connection.patience)
        output.verbose("connected to \(host.uri), read-only")
        events = host.events()
        links = host.isLocal ? LinkEvents() : nil
        let start = LivePace.Moment()
        state = try OneRead.state(host, output)
        report = Report(state)
        self.host = host
        pace.note(start)
    }

    var sysfs: Sysfs? { state.isLocal ? Sysfs() : nil }
    var isConnected: Bool { host != nil }

    /// What to poll: something happened.
    var descriptors: [Int32] { [events?.descriptor, links?.descriptor].compactMap(\.self) }

    /// Whether it has to be read again, as far as what could be polled says.
    private var isStale = false

    func hear(_ descriptor: Int32) {
        if descriptor == events?.descriptor { events?.clear() }
        if descriptor == links?.descriptor { links?.clear() }
        isStale = true
    }

    /// Looks again where there is a reason.
    ///
    /// - Returns: nil where there was none, or nothing is new.
    func look() -> News? {
        guard let host else { return connectAgain() }
        if !host.isAlive { return lose(Failure(.connectionLost, "libvirt's daemon closed the connection")) }
        guard Self.now >= pace.next(isStale: isStale) else { return nil }
        do throws(Failure) {
            let changes = try read(host)
            return changes.isEmpty ? nil : .changes(changes)
        } catch {
            return lose(error)
        }
    }

    private func read(_ host: Host) throws(Failure) -> [HostChange] {
        isStale = false
        let start = LivePace.Moment()
        defer { pace.note(start) }
        let state = try OneRead.state(host, output, isRepeated: true)
        let report = Report(state)
        let changes = HostChanges.between(self.report, report)
        self.state = state
        self.report = report
        readings += 1
        return changes
    }

    private func lose(_ failure: Failure) -> News {
        events = nil
        host = nil
        retry = Self.now + 1
        return .lost(failure)
    }

    private func connectAgain() -> News? {
        guard Self.now >= retry else { return nil }
        retry = Self.now + 1
        do throws(Failure) {
            let host = try Host.open(connection.uri, readOnly: true, events: true, timeout: connection.patience)
            events = host.events()
            let changes = try read(host)
            self.host = host
            return .back(changes)
        } catch {
            events = nil
            return nil
        }
    }

    /// Seconds by a clock that only goes forward.
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
