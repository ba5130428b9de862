package import Applying
package import Journal
import Libvirt
package import Model
package import Planning
package import Reading
package import Reporting

// What the command line puts together, for tests that have no reason to do otherwise.

extension Undo {
    /// With the files of this machine.
    package static func plan(_ state: State, _ entry: Entry, _ journal: Journal) throws(Failure) -> Plan {
        try plan(state, entry, journal, files: LocalFiles())
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
