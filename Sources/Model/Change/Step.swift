package import Text

/// One part of a change: it knows the world before and after itself, so it can be checked, shown and taken back.
package enum Step: Sendable, Equatable {
    /// Make or redefine a network's persistent document.
    case defineNetwork(DocumentChange)
    /// Remove a network's persistent document.
    case undefineNetwork(DocumentChange)
    case startNetwork(Name)
    /// Only ever done to a network without guests' ports: stopping forgets them.
    case stopNetwork(Name)
    case setAutostart(network: Name, Bool)
    case reserve(network: Name, Reservation)
    case release(network: Name, Reservation)
    case defineGuest(DocumentChange)
    /// Hot-unplug one device of a running guest, and wait until the guest has given it up.
    case unplug(LiveDevice)
    /// Hot-plug one device into a running guest.
    case plug(LiveDevice)
    /// Write or remove a file of this machine.
    case writeFile(FileChange)
    /// Change what the kernel keeps of a PF: its VF count, and who gets new VFs.
    case setPF(PFChange)

    /// The step that takes this one back.
    package var reversed: Step {
        switch self {
        case .defineNetwork(let change):
            change.before == nil ? .undefineNetwork(change.reversed) : .defineNetwork(change.reversed)
        case .undefineNetwork(let change): .defineNetwork(change.reversed)
        case .startNetwork(let name): .stopNetwork(name)
        case .stopNetwork(let name): .startNetwork(name)
        case .setAutostart(let network, let on): .setAutostart(network: network, !on)
        case .reserve(let network, let reservation): .release(network: network, reservation)
        case .release(let network, let reservation): .reserve(network: network, reservation)
        case .defineGuest(let change): .defineGuest(change.reversed)
        case .unplug(let device): .plug(device)
        case .plug(let device): .unplug(device)
        case .writeFile(let change): .writeFile(change.reversed)
        case .setPF(let change): .setPF(change.reversed)
        }
    }

    /// The document this step changes, for diffs.
    package var documentChange: DocumentChange? {
        switch self {
        case .defineNetwork(let change), .undefineNetwork(let change), .defineGuest(let change): change
        default: nil
        }
    }

    /// The file this step changes, for diffs.
    package var fileChange: FileChange? {
        if case .writeFile(let change) = self { change } else { nil }
    }

    /// Whether the running guest's link is cut for a moment.
    package var cutsLink: Bool {
        if case .unplug = self { true } else { false }
    }

    /// Whether there are new functions afterwards.
    package var makesFunctions: Bool {
        if case .setPF(let change) = self { change.attribute == .count && change.after > 0 } else { false }
    }

    package var network: Name? {
        switch self {
        case .defineNetwork(let change), .undefineNetwork(let change): change.name
        case .startNetwork(let name), .stopNetwork(let name): name
        case .setAutostart(let network, _), .reserve(let network, _), .release(let network, _): network
        case .defineGuest, .unplug, .plug, .writeFile, .setPF: nil
        }
    }
}
