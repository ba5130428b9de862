package import Applying
package import Journal
import Libvirt
package import Model
package import Planning
package import Reading
package import Reporting
import SRIOV

// What the command line puts together, for tests that have no reason to do otherwise.

extension UndoPlanner {
    /// With the files of this machine.
    package static func plan(_ state: State, _ entry: Entry, _ journal: Journal) throws(Failure) -> Plan {
        try plan(state, entry, journal, files: KnownFiles(paths(entry), in: LocalFiles()))
    }
}

extension BootPlanner {
    /// With files as they are now.
    package static func plan(_ state: State, _ request: BootRequest, _ files: some FileReading) throws(Failure) -> Plan
    {
        try plan(state, request, KnownFiles(paths(request.pf.address), in: files))
    }
}

extension HookPlan {
    /// With files as they are now.
    package static func install(
        _ state: State, _ files: some FileReading, program: String, others: [String] = [],
        confinement: Confinement.Problem? = nil, weaknesses: [Weakness] = []
    ) throws(Failure) -> Plan {
        try install(
            state, KnownFiles(HookFile.paths, in: files), program: program, others: others, confinement: confinement,
            weaknesses: weaknesses)
    }

    package static func remove(_ state: State, _ files: some FileReading) throws(Failure) -> Plan {
        try remove(state, KnownFiles(HookFile.paths, in: files))
    }
}

extension LogReport {
    /// As this machine sees it.
    package init(_ journal: Journal, uri: String? = nil, limit: Int? = nil) throws(Failure) {
        try self.init(journal, uri: uri, limit: limit, machine: .ofThisMachine())
    }

    /// One change, as this machine sees it.
    package init(_ journal: Journal, of entry: Entry) throws(Failure) {
        try self.init(journal, of: entry, machine: .ofThisMachine())
    }
}

extension LibvirtHypervisor {
    /// The one of a host that is read.
    package convenience init(_ host: Host, grammar: Grammar? = nil) {
        self.init(
            host.connection, uri: host.uri, events: host.hasEvents, patience: host.patience,
            kernel: host.isLocal ? KernelControl(host.sysfs) : NoControl(),
            grammar: grammar ?? Grammar(isLocal: host.isLocal, daemon: try? host.connection.daemonVersion()))
    }
}
