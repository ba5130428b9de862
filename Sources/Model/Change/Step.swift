package import Text

/// One part of a change: it knows what was there before and what is there after, so it can be checked, shown and taken back.
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
    /// Hot-unplug one device of a running guest, and wait until the guest has released it.
    case unplug(LiveDevice)
    /// Hot-plug one device into a running guest.
    case plug(LiveDevice)
    /// Write or remove a file of this machine.
    case writeFile(FileChange)
    /// Change what the kernel keeps of a PF: its VF count, and who gets new VFs.
    case setPF(PFChange)

    /// What this kind of step knows of itself.
    package var payload: any StepPayload {
        switch self {
        case .defineNetwork(let change), .undefineNetwork(let change): NetworkDocument(change: change)
        case .startNetwork(let name): NetworkRun(network: name, isStart: true)
        case .stopNetwork(let name): NetworkRun(network: name, isStart: false)
        case .setAutostart(let network, let on): NetworkAutostart(network: network, on: on)
        case .reserve(let network, let reservation): ReservedVF(network: network, reservation, isMade: true)
        case .release(let network, let reservation): ReservedVF(network: network, reservation, isMade: false)
        case .defineGuest(let change): GuestDocument(change: change)
        case .unplug(let device): DevicePlug(device: device, isPlugged: false)
        case .plug(let device): DevicePlug(device: device, isPlugged: true)
        case .writeFile(let change): change
        case .setPF(let change): change
        }
    }

    package var subject: Subject { payload.subject }
    /// The step in a few words.
    package var action: String { payload.action }
    package var effect: StepEffect { payload.effect }
    /// The step that takes this one back.
    package var reversed: Step { payload.reversed }
    /// The document this step changes, for diffs.
    package var documentChange: DocumentChange? { payload.documentChange }

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

    /// UUID of the guest whose document, device or VF it is about; nil where it is about no guest's.
    package var guest: String? {
        switch self {
        case .defineGuest(let change): change.uuid
        case .plug(let device), .unplug(let device): device.guestUUID
        case .reserve(_, let reservation), .release(_, let reservation): reservation.ownerUUID
        default: nil
        }
    }

    package var network: Name? {
        if case .network(let name) = subject { name } else { nil }
    }
}
