import Model
package import Text
import XML

/// How libvirt called a hook: `KIND OBJECT OPERATION SUB-OPERATION EXTRA`.
package enum HookCall: Sendable, Equatable {
    /// A guest gets a port of this network, or had it when the daemon restarted. libvirt sets MAC and VLAN after it.
    case portCreated(network: Name)
    /// A guest gave its port back; libvirt has put back MAC and VLAN.
    case portDeleted(network: Name)
    /// A guest's devices are ready, and it starts next.
    case guestStarts(Name)
    /// Something else, which is none of vfpool's business.
    case other

    package init(_ words: [String]) {
        guard words.count >= 3 else {
            self = .other
            return
        }
        switch (words[0], words[2]) {
        case ("network", "port-created"): self = .portCreated(network: Name(words[1]))
        case ("network", "port-deleted"): self = .portDeleted(network: Name(words[1]))
        case ("qemu", "start"): self = .guestStarts(Name(words[1]))
        default: self = .other
        }
    }
}

/// What libvirt tells a network hook on standard input: `<hookData><network/><networkport/></hookData>`.
struct HookData {
    var networkName: Name
    var networkUUID: String
    /// What the running network's document says.
    var configuration: PoolConfiguration?
    var port: NetworkPortState

    init(parsing text: String) throws(Failure) {
        let data = try readable("what libvirt told the hook") { () throws(XMLError) in
            let root = try Document(parsing: text).root
            return (try Self.alone("network", in: root), try Self.alone("networkport", in: root))
        }
        guard let network = data.0, let element = data.1, let port = NetworkReader.port(in: element),
            let name = network.root.first("name")?.text, let uuid = network.root.first("uuid")?.text
        else { throw Failure(.invalidDocument, "libvirt told the hook of no network and port") }
        networkName = Name(name)
        networkUUID = uuid
        configuration = NetworkReader.configuration(in: network)
        self.port = port
    }

    private static func alone(_ name: String, in root: Element) throws(XMLError) -> Document? {
        try root.first(name).map { (element) throws(XMLError) in try Document(parsing: element.canonical()) }
    }
}
