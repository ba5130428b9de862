import Applying
import FoundationEssentials
import Journal
import Model
import Planning
import TestSupport
import Text

/// A pretend host whose changes are written down as vfpool's are.
struct JournalledHost {
    var host: PretendHost
    let folder: TemporaryFolder
    /// Also for another machine that shares the folder.
    var journal: Journal

    init(_ host: PretendHost, on machine: HostIdentity? = nil) throws {
        self.host = host
        folder = try TemporaryFolder()
        journal = Journal(StateFolder(path: folder.path), host: machine)
    }

    /// The same journal, seen from this machine.
    func on(_ machine: HostIdentity?) -> JournalledHost {
        var copy = self
        copy.journal = Journal(StateFolder(path: folder.path), host: machine)
        return copy
    }

    /// Applies a plan and writes it down, if it does anything.
    ///
    /// - Returns: the change's id.
    @discardableResult
    mutating func apply(
        _ plan: Plan, undoes: String? = nil, uri: String = PretendHost.uri, now: Date = Date()
    ) throws -> String {
        let hypervisor = FaultyHypervisor(host)
        let record = try journal.begin(
            plan, command: ["vfpool", "test"], uri: uri, origin: ChangeOrigin(undoes: undoes), now: now)
        try Applier(hypervisor, record: record).apply(plan)
        host = hypervisor.host
        return record.id
    }

    func entry(_ id: String) throws -> Entry { try journal.entry(matching: id) }

    func undoPlan(_ id: String? = nil) throws -> Plan {
        let entry = try id.map { try self.entry($0) } ?? UndoPlanner.latest(in: journal, uri: PretendHost.uri)
        return try UndoPlanner.plan(host.state(), entry, journal)
    }

    /// Undoes a change, the latest unless one is named.
    @discardableResult
    mutating func undo(_ id: String? = nil, now: Date = Date()) throws -> String {
        let entry = try id.map { try self.entry($0) } ?? UndoPlanner.latest(in: journal, uri: PretendHost.uri)
        return try apply(UndoPlanner.plan(host.state(), entry, journal), undoes: entry.id, now: now)
    }

    func unbindPlan(
        _ guest: Name, _ target: UnbindTarget = .former, interfaces: [String] = [], live: Bool = false
    ) throws -> Plan {
        try host.unbind(guest, target, interfaces: interfaces, live: live, journal: journal)
    }
}
