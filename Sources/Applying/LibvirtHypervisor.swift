package import Libvirt
package import Model
package import SRIOV
package import Text
import XML

/// The calls of a change, made to a real libvirt.
package final class LibvirtHypervisor: Hypervisor {
    private let uri: String
    private let events: Bool
    private let patience: Patience
    private let lanes: Lanes
    private let kernel: any HostControl
    private let grammar: Grammar

    /// - Parameters:
    ///   - uri: where to connect again.
    ///   - events: whether a hot-unplug has to be waited for.
    ///   - patience: how long libvirt is waited for.
    ///   - grammar: whose documents are held to.
    ///   - width: how many connections a large change may take.
    package init(
        _ connection: Connection, uri: String, events: Bool, patience: Patience, kernel: any HostControl,
        grammar: Grammar, width: Int = 1
    ) {
        self.uri = uri
        self.events = events
        self.patience = patience
        lanes = Lanes(connection, most: width) { () throws(LibvirtError) in
            try Connection.open(uri, readOnly: false, patience: patience)
        }
        self.kernel = kernel
        self.grammar = grammar
    }

    private var connection: Connection { lanes.first.connection }

    package func networkXML(_ name: Name) throws(LibvirtError) -> String? {
        guard let network = try find(name), try network.isPersistent() else { return nil }
        do throws(LibvirtError) {
            return try network.xml(.inactive)
        } catch  where error.isUnsupported || error.code == .invalidArgument {
            return try network.xml()
        }
    }

    package func networkIsActive(_ name: Name) throws(LibvirtError) -> Bool {
        try find(name)?.isActive() ?? false
    }

    package func networkAutostarts(_ name: Name) throws(LibvirtError) -> Bool {
        try find(name)?.autostart() ?? false
    }

    package func defineNetwork(_ xml: String) throws(LibvirtError) {
        do throws(LibvirtError) {
            _ = try connection.defineNetwork(xml, flags: .validate)
        } catch  where error.isUnsupported || error.code == .invalidArgument {
            // VALIDATE came with 7.7.0.
            _ = try connection.defineNetwork(xml)
        }
    }

    package func undefineNetwork(_ name: Name) throws(LibvirtError) {
        try connection.network(named: name).undefine()
    }

    package func startNetwork(_ name: Name) throws(LibvirtError) { try connection.network(named: name).start() }

    package func stopNetwork(_ name: Name) throws(LibvirtError) { try connection.network(named: name).stop() }

    package func setAutostart(_ name: Name, _ on: Bool) throws(LibvirtError) {
        try connection.network(named: name).setAutostart(on)
    }

    package func portXMLs(_ network: Name) throws(LibvirtError) -> [String]? {
        do throws(LibvirtError) {
            let connection = connection
            let ports = try connection.network(named: network).ports()
            return try connection.inParallel(ports) { (port) throws(LibvirtError) -> String? in
                do throws(LibvirtError) {
                    return try port.xml()
                } catch  where error.code == .noNetworkPort {
                    return nil
                }
            }.compactMap(\.self)
        } catch  where error.isUnsupported {
            return nil
        }
    }

    package func hasPort(_ network: Name, uuid: String) throws(LibvirtError) -> Bool? {
        do throws(LibvirtError) {
            _ = try lanes.lane(of: uuid).port(network, uuid)
            return true
        } catch  where error.code == .noNetworkPort {
            return false
        } catch  where error.isUnsupported {
            return nil
        }
    }

    package func portUUIDs(_ network: Name) throws(LibvirtError) -> Set<Name>? {
        do throws(LibvirtError) {
            return try lanes.lane().ofNetwork(network) { (network) throws(LibvirtError) in
                Set(try network.ports().map { Name($0.uuid) })
            }
        } catch  where error.isUnsupported {
            return nil
        }
    }

    package func createReservation(_ network: Name, _ xml: String) throws(LibvirtError) {
        try lanes.lane().ofNetwork(network) { (network) throws(LibvirtError) in
            _ = try network.createPort(xml, flags: .reclaim)
        }
    }

    package func deletePort(_ network: Name, uuid: String) throws(LibvirtError) {
        try lanes.lane(of: uuid).listed(network, uuid).delete()
    }

    package func guestXML(_ uuid: String) throws(LibvirtError) -> String? {
        try lanes.lane(of: uuid).ofGuest(uuid) { (guest) throws(LibvirtError) in try guest.xml([.secure, .inactive]) }
    }

    package func liveGuestXML(_ uuid: String) throws(LibvirtError) -> String? {
        try lanes.lane(of: uuid).ofGuest(uuid) { (guest) throws(LibvirtError) -> String? in
            try guest.isActive() ? try guest.xml(.secure) : nil
        } ?? nil
    }

    package func defineGuest(_ xml: String) throws(LibvirtError) {
        if grammar == .daemon, try defineValid(xml) { return }
        // Not VALIDATE: the daemon loads its grammar anew for every such call (13 ms a guest against 4.6), and vfpool
        // has held the document against the same grammar.
        _ = try lanes.lane().connection.defineDomain(xml)
    }

    /// Has the daemon hold a guest's document to its own grammar first.
    ///
    /// - Returns: false where it has no grammar, or keeps an invalid document of this guest already: that one's successor need not
    ///   be better.
    private func defineValid(_ xml: String) throws(LibvirtError) -> Bool {
        do throws(LibvirtError) {
            _ = try connection.defineDomain(xml, flags: .validate)
            return true
        } catch  where error.code == .xmlInvalidSchema {
            let uuid = (try? Document(parsing: xml))?.root.first("uuid")?.text
            guard let uuid, let before = try guestXML(uuid) else { throw error }
            // What is there already, defined again, changes nothing.
            do throws(LibvirtError) {
                _ = try connection.defineDomain(before, flags: .validate)
            } catch let other where other.code == .xmlInvalidSchema {
                return false
            }
            throw error
        } catch  where error.code == .internalError {
            // Its grammar files are missing, or something else is wrong, which it says again.
            return false
        }
    }

    package func plug(_ uuid: String, _ xml: String) throws(LibvirtError) {
        try connection.domain(uuid: uuid).attachDevice(xml, flags: .live)
    }

    package func unplug(
        _ uuid: String, _ xml: String, alias: Name, patience: Double
    ) throws(LibvirtError) -> UnplugOutcome {
        let connection = connection
        let guest = try connection.domain(uuid: uuid)
        let watch: DeviceRemovalWatch?
        do throws(LibvirtError) {
            watch = try DeviceRemovalWatch(guest, on: connection)
        } catch  where error.isUnsupported || error.code == .operationInvalid {
            // Opened without events, or a libvirt without this one: the live document then has to tell.
            watch = nil
        }
        try guest.detachDevice(xml, flags: .live)
        let isHurried = self.patience.isHurried
        switch watch?.wait(alias: alias.string, seconds: patience, isEnough: isHurried) {
        case .removed: return .gone
        case .refused: return .refused
        case .timedOut: return .timedOut
        case nil:
            Pause.seconds(patience, unless: isHurried)
            return .timedOut
        }
    }

    package func reconnect() throws(LibvirtError) {
        lanes.replace(by: try Connection.openAgain(uri, events: events, patience: patience))
    }

    // MARK: The kernel

    package func value(_ attribute: PFChange.Attribute, of pf: PCIAddress) throws(HostError) -> Int? {
        try kernel.value(attribute, of: pf)
    }

    package func set(_ attribute: PFChange.Attribute, of pf: PCIAddress, to value: Int) throws(HostError) {
        try kernel.set(attribute, of: pf, to: value)
    }

    package func functions(of pf: PCIAddress) throws(HostError) -> [PCIAddress] { try kernel.functions(of: pf) }

    package func isSettled(_ pf: PCIAddress) throws(HostError) -> Bool { try kernel.isSettled(pf) }

    package func users(of pf: PCIAddress) throws(HostError) -> [String] { try kernel.users(of: pf) }

    package func answer(to trial: SettingsTrial) throws(Failure) -> DriverAnswer { try kernel.answer(to: trial) }

    // MARK: Look-ups

    private func find(_ name: Name) throws(LibvirtError) -> Network? {
        do throws(LibvirtError) {
            return try connection.network(named: name)
        } catch  where error.code == .noNetwork {
            return nil
        }
    }
}
