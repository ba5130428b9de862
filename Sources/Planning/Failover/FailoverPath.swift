import Model
import Text

/// Where the persistent half of a pair leads: an ordinary network, or a bridge of the host.
enum FailoverPath {
    case network(NetworkState)
    /// Whether there is a Linux bridge of that name; nil where that can't be seen.
    case bridge(Name, exists: Bool?)

    /// What the name means: a network goes before a bridge.
    ///
    /// - Throws: `name-taken` for a pool.
    init(_ request: FailoverRequest, _ state: State) throws(Failure) {
        let name = request.name
        if let network = state.networkMeant(by: name) {
            guard !network.isPool else {
                throw Failure(
                    .nameTaken, "network \(name) is a pool, and the other half of a pair has to stay without a VF",
                    hints: ["name an ordinary network, or a bridge: \(text: Self.candidates(state))"])
            }
            self = .network(network)
            return
        }
        self = .bridge(name, exists: request.isBridge)
    }

    /// That an interface can be pointed there; one that is there already stays.
    ///
    /// - Throws: `no-such-network`.
    func checkThere(_ state: State) throws(Failure) {
        guard case .bridge(let name, exists: false) = self else { return }
        throw Failure(
            .noSuchNetwork, "there is no network and no Linux bridge \(name)",
            hints: [
                "networks here: \(text: Self.candidates(state))",
                "an Open vSwitch bridge needs a libvirt network that says so",
            ])
    }

    /// The networks that an interface can be pointed at.
    static func candidates(_ state: State) -> String {
        let names = state.networks.filter { !$0.isPool }.map(\.name)
        return names.isEmpty ? "none" : Words.list(names, most: 12)
    }

    var words: String {
        switch self {
        case .network(let network): "network \(network.name)"
        case .bridge(let name, _): "bridge \(name)"
        }
    }

    /// How an interface's document says it: the type, which is the source's attribute as well, and the name.
    var source: (type: String, name: Name) {
        switch self {
        case .network(let network): ("network", network.name)
        case .bridge(let name, _): ("bridge", name)
        }
    }

    var attachment: Attachment {
        switch self {
        case .network(let network): .network(name: network.name, portgroup: nil)
        case .bridge(let name, _): .bridge(name)
        }
    }

    func isThat(of attachment: Attachment) -> Bool {
        switch (self, attachment) {
        case (.network(let network), .network(let name, _)): network.name == name
        case (.bridge(let bridge, _), .bridge(let name)): bridge == name
        default: false
        }
    }
}
