package import Text

/// What a step acts on, in words `network vfpool-eth3`, `guest vm1`, `file /etc/…` or `PF eth3`.
package enum Subject: Sendable, Hashable, CustomStringConvertible {
    case network(Name)
    case guest(Name)
    case file(Name)
    case pf(Name)

    package var name: Name {
        switch self {
        case .network(let name), .guest(let name), .file(let name), .pf(let name): name
        }
    }

    /// A file of this machine, not a document of libvirt's.
    package var isFile: Bool {
        if case .file = self { true } else { false }
    }

    package var description: String {
        let kind =
            switch self {
            case .network: "network"
            case .guest: "guest"
            case .file: "file"
            case .pf: "PF"
            }
        return "\(kind) \(name)"
    }
}
