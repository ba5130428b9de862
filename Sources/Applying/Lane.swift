import Libvirt
import Synchronization
import Text

/// A connection on which a change is made, with what was looked up on it: libvirt finds an object anew for each call, so each is
/// looked up once and not for each look.
final class Lane: Sendable {
    let connection: Connection
    private let networks = Mutex<[Name: Network]>([:])
    /// By UUID.
    private let guests = Mutex<[Name: Domain]>([:])
    /// Handles of networks' ports, by the port's UUID, as they were listed when one of them was first to go.
    private let ports = Mutex<[Name: [Name: NetworkPort]]>([:])

    init(_ connection: Connection) { self.connection = connection }

    /// A network's port, without asking for the network each time: a migration has thousands.
    func port(_ network: Name, _ uuid: String) throws(LibvirtError) -> NetworkPort {
        try ofNetwork(network) { (network) throws(LibvirtError) in try network.port(uuid: uuid) }
    }

    func ofNetwork<T>(_ name: Name, _ body: (Network) throws(LibvirtError) -> T) throws(LibvirtError) -> T {
        if let known = networks.withLock({ $0[name] }) {
            do throws(LibvirtError) {
                return try body(known)
            } catch  where error.code == .noNetwork {
                // Perhaps made anew since.
                networks.withLock { $0[name] = nil }
            }
        }
        let found = try connection.network(named: name)
        networks.withLock { $0[name] = found }
        return try body(found)
    }

    /// A port that is about to go: listed together with the others, for mostly more of them go.
    func listed(_ network: Name, _ uuid: String) throws(LibvirtError) -> NetworkPort {
        if ports.withLock({ $0[network] }) == nil {
            let all = try connection.network(named: network).ports()
            ports.withLock { $0[network] = Dictionary(all.map { (Name($0.uuid), $0) }) { first, _ in first } }
        }
        if let known = ports.withLock({ $0[network]?.removeValue(forKey: Name(uuid)) }) { return known }
        return try port(network, uuid)
    }

    /// - Returns: nil where there is no such guest.
    func ofGuest<T>(_ uuid: String, _ body: (Domain) throws(LibvirtError) -> T) throws(LibvirtError) -> T? {
        do throws(LibvirtError) {
            if let known = guests.withLock({ $0[Name(uuid)] }) { return try body(known) }
            let guest = try connection.domain(uuid: uuid)
            guests.withLock { $0[Name(uuid)] = guest }
            return try body(guest)
        } catch  where error.code == .noDomain {
            guests.withLock { $0[Name(uuid)] = nil }
            return nil
        }
    }
}
