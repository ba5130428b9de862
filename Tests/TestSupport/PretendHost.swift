package import Libvirt
package import Model
package import SRIOV
package import Text
import XML

/// A made-up host: PFs of a pretend /sys, and networks, guests and ports that follow libvirt's rules.
///
///     var host = try PretendHost([PretendPort("eth3", vfs: 4)])
///     try host.addGuest("vm1", [.pin("eth3", 0)], running: true)
///     let state = host.state()
///
/// A value: a copy is another host, and two are equal when nothing tells them apart.
package struct PretendHost: Sendable, Equatable {
    package struct Net: Sendable, Equatable {
        package var name: Name
        package var uuid: String
        /// nil: transient.
        @Bytewise package var persistent: String?
        /// nil: not active.
        @Bytewise package var live: String?
        package var autostart = false
        package var ports: [String: NetworkPortState] = [:]
    }

    package struct Machine: Sendable, Equatable {
        package var name: Name
        package var uuid: String
        /// nil: transient.
        @Bytewise package var persistent: String?
        /// nil: shut off.
        @Bytewise package var live: String?
        package var autostart = false
        /// Whether it is the half of a live migration that does not run.
        package var isPausedForMigration = false
        /// The functions its running QEMU has.
        package var held: Set<PCIAddress> = []
    }

    package var pfs: [PhysicalFunction]
    package var networks: [Name: Net] = [:]
    /// By UUID.
    package var guests: [String: Machine] = [:]
    package var supportsPorts = true
    package var iommuEnabled: Bool? = true
    package var version = LibvirtVersion(major: 9, minor: 0, release: 0)
    package var saved: Set<String> = []
    package static let uri = "qemu:///pretend"

    package init(_ pfs: [PretendPF]) throws {
        try self.init(try PretendSys(pfs))
    }

    /// What the kernel of a made-up /sys says.
    package init(_ system: PretendSys) throws(HostError) {
        pfs = try system.sysfs.physicalFunctions(includingPrograms: true)
        for index in pfs.indices where pfs[index].permanentMAC == nil {
            pfs[index].permanentMAC = pfs[index].mac
        }
    }

    // MARK: Looking

    package func pf(_ netdev: Name) throws(NotThere) -> PhysicalFunction {
        guard let pf = pfs.first(where: { $0.netdev == netdev }) else { throw NotThere(netdev.string) }
        return pf
    }

    package func address(_ netdev: Name, _ index: Int) throws(NotThere) -> PCIAddress {
        guard let function = try pf(netdev).functions.first(where: { $0.index == index }) else {
            throw NotThere("\(netdev):\(index)")
        }
        return function.address
    }

    package func guest(_ name: Name) throws(NotThere) -> Machine {
        guard let guest = guests.values.first(where: { $0.name == name }) else { throw NotThere(name.string) }
        return guest
    }

    package func network(_ name: Name) throws(NotThere) -> Net {
        guard let network = networks[name] else { throw NotThere(name.string) }
        return network
    }

    /// The picture that vfpool would read.
    package func state() throws -> State {
        let functions = Set(pfs.flatMap { $0.functions.map(\.address) })
        let networks = try networks.values.sorted { $0.name < $1.name }.map(Self.read)
        let guests = try guests.values.sorted { $0.name < $1.name }.map { guest in
            let inactive = guest.persistent ?? guest.live ?? ""
            var state = Guest(
                name: guest.name, uuid: guest.uuid, isActive: guest.live != nil, isPersistent: guest.persistent != nil,
                autostart: guest.autostart, inactiveXML: inactive, liveXML: guest.live, interfaces: [])
            state.isPausedForMigration = guest.isPausedForMigration
            if let text = guest.persistent { state.devices = try Self.devices(text, functions) }
            if let text = guest.live { state.liveDevices = try Self.devices(text, functions) }
            return state
        }
        return State(
            uri: Self.uri, isLocal: true,
            networks: networks.map { network in
                var network = network
                if !supportsPorts { network.ports = nil }
                return network
            }, guests: guests, pfs: pfs, savedGuests: saved, iommuEnabled: iommuEnabled, libvirtVersion: version,
            supportsPorts: supportsPorts)
    }

    private static func read(_ network: Net) throws -> NetworkState {
        let text = network.persistent ?? network.live ?? ""
        var state = NetworkState(
            name: network.name, uuid: network.uuid, isActive: network.live != nil,
            isPersistent: network.persistent != nil, autostart: network.autostart, inactiveXML: text,
            configuration: NetworkReader.configuration(in: try Document(parsing: text)))
        state.settings = NetworkReader.settings(in: try Document(parsing: text))
        guard let live = network.live, state.isPool else { return state }
        state.live = NetworkReader.configuration(in: try Document(parsing: live))
        state.ports = network.ports.values.sorted { $0.uuid < $1.uuid }
        return state
    }

    private static func devices(_ xml: String, _ functions: Set<PCIAddress>) throws -> GuestDevices {
        try GuestReader.devices(in: Document(parsing: xml), functions: functions)
    }
}

/// A test asked for something that its host does not have.
package struct NotThere: Error, Equatable {
    package let name: String

    init(_ name: String) { self.name = name }
}
