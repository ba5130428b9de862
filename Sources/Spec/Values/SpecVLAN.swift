package import Model

/// What a spec says that a VLAN is: one tag; or a trunk, which no VF can have, as it is found on a network made by hand.
package enum SpecVLAN: Sendable, Equatable {
    case tag(Int)
    case trunk(VLANTrunk)

    /// What of it a spec may say.
    package static let ids = 1...4094

    /// Of something that is: nil without one.
    package init?(_ tag: Int?, _ trunk: VLANTrunk?) {
        if let trunk { self = .trunk(trunk) } else if let tag { self = .tag(tag) } else { return nil }
    }

    package var tag: Int? { if case .tag(let id) = self { id } else { nil } }

    package var trunk: VLANTrunk? { if case .trunk(let trunk) = self { trunk } else { nil } }

    /// Whether a spec can say it.
    package var isSayable: Bool {
        switch self {
        case .tag(let id): Self.ids.contains(id)
        case .trunk(let trunk): !trunk.tags.isEmpty && trunk.tags.allSatisfy { Self.ids.contains($0.id) }
        }
    }

    /// `7`, `a trunk of 4, 5`.
    package var words: String {
        switch self {
        case .tag(let id): String(id)
        case .trunk(let trunk): trunk.words
        }
    }
}
