import Model
import Planning
import SRIOV
import TestSupport
import Text
import XML

/// A host with one guest of the corpus, and with PFs that have the functions it is declared to have: one for each PCI
/// bus, each with a pool.
struct CorpusHost {
    var state: State

    init(_ sample: CorpusGuest, _ functions: [PCIAddress]) throws {
        var pfs: [PhysicalFunction] = []
        var networks: [NetworkState] = []
        let buses = Dictionary(grouping: functions) { "\($0.domain) \($0.bus)" }
        for (number, bus) in buses.keys.sorted().enumerated() {
            let mac = MACAddress("a0:36:9f:00:00:0\(number)")
            guard let address = PCIAddress("ffff:0\(number):00.0"), let mac else { continue }
            pfs.append(
                PhysicalFunction(
                    netdev: "eth\(number)", address: address, permanentMAC: mac, enabledVFs: buses[bus]?.count ?? 0,
                    isUp: true,
                    functions: (buses[bus] ?? []).enumerated().map { index, address in
                        let mac = MACAddress("52:54:00:fe:0\(number):" + (index < 10 ? "0" : "") + "\(index)")
                        return VirtualFunction(index: index, address: address, settings: VFSettings(mac: mac))
                    }))
            networks.append(try Self.pool("pool\(number)", pfs[number]))
        }
        let guest = Guest(
            name: "guest", uuid: PretendHost.uuid(1), isActive: false, isPersistent: true, autostart: false,
            inactiveXML: sample.text,
            interfaces: try GuestReader.interfaces(in: sample.document, functions: Set(functions)))
        state = State(uri: PretendHost.uri, isLocal: true, networks: networks, guests: [guest], pfs: pfs)
    }

    var guest: Guest { state.guests[0] }

    func migration(_ request: MigrateRequest) throws -> Migration { try PretendHost.migration(state, request) }

    /// The host when the documents of the plan are libvirt's.
    func after(_ migration: Migration) throws -> CorpusHost {
        var host = self
        let functions = Set(state.functions.map(\.address))
        for change in migration.plan.steps.compactMap(\.documentChange) {
            guard let after = change.after else { continue }
            let document = try Document(parsing: after)
            if change.name == "guest" {
                host.state.guests[0].inactiveXML = after
                host.state.guests[0].interfaces = try GuestReader.interfaces(in: document, functions: functions)
            } else if let place = state.networks.firstIndex(where: { $0.name == change.name }) {
                host.state.networks[place].inactiveXML = after
                host.state.networks[place].configuration = NetworkReader.configuration(in: document)
            }
        }
        return host
    }

    private static func pool(_ name: Name, _ pf: PhysicalFunction) throws -> NetworkState {
        let device = pf.netdev ?? ""
        let uuid = String(PretendHost.poolUUID.dropLast()) + String(device.string.last ?? "0")
        let text = """
            <network><name>\(name)</name><uuid>\(uuid)</uuid><metadata><p:pool xmlns:p='\(PoolMark.namespace)'>\
            <p:pf dev='\(device)' address='\(pf.address)' mac='\(pf.permanentMAC?.description ?? "")'/></p:pool>\
            </metadata><forward mode='hostdev' managed='yes'><pf dev='\(device)'/></forward></network>
            """
        var pool = NetworkState(
            name: name, uuid: uuid, isActive: true, isPersistent: true, autostart: true, inactiveXML: text,
            configuration: NetworkReader.configuration(in: try Document(parsing: text)), ports: [])
        pool.live = pool.configuration
        pool.live?.addresses = pf.functions.map(\.address)
        return pool
    }
}

extension Migration {
    /// The change of the document of the corpus's guest.
    var guestChange: DocumentChange? { plan.steps.compactMap(\.documentChange).first { $0.name == "guest" } }
}
