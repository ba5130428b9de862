import SRIOV

extension Step {
    /// What kind of change this is, for the closing count of a plan.
    package enum Effect: String, Sendable { case add, change, remove }

    package var effect: Effect {
        switch self {
        case .defineNetwork(let change): change.before == nil ? .add : .change
        case .undefineNetwork: .remove
        case .reserve: .add
        case .release: .remove
        case .startNetwork, .stopNetwork, .setAutostart, .defineGuest, .unplug, .plug, .setPF: .change
        case .writeFile(let change): change.before == nil ? .add : change.after == nil ? .remove : .change
        }
    }

    /// What the step acts on, as `network vfpool-eth3`, `guest vm1` or `file /etc/…`.
    package var subject: String {
        switch self {
        case .defineNetwork(let change), .undefineNetwork(let change): "network \(change.name)"
        case .startNetwork(let name), .stopNetwork(let name), .setAutostart(let name, _): "network \(name)"
        case .reserve(let network, _), .release(let network, _): "network \(network)"
        case .defineGuest(let change): "guest \(change.name)"
        case .unplug(let device), .plug(let device): "guest \(device.guestName)"
        case .writeFile(let change): "file \(change.path)"
        case .setPF(let change): "PF \(change.title)"
        }
    }

    /// The step in a few words.
    package var action: String {
        switch self {
        case .defineNetwork(let change): change.before == nil ? "define" : "redefine"
        case .undefineNetwork: "undefine"
        case .startNetwork: "start"
        case .stopNetwork: "stop"
        case .setAutostart(_, let on): on ? "start at boot" : "do not start at boot"
        case .reserve(_, let reservation): "reserve \(reservation.address) for \(reservation.ownerName)"
        case .release(_, let reservation): "release \(reservation.address), kept for \(reservation.ownerName)"
        case .defineGuest: "redefine"
        case .unplug(let device): "unplug \(Self.name(device)) now"
        case .plug(let device): "plug \(Self.name(device)) now"
        case .writeFile(let change): Self.action(change)
        case .setPF(let change): change.action
        }
    }

    private static func name(_ device: LiveDevice) -> String {
        let name = device.mac?.description ?? device.address?.description ?? "device"
        return device.isLasting ? "the half of \(name) that stays without a VF" : name
    }

    private static func action(_ change: FileChange) -> String {
        guard let after = change.after else { return "remove" }
        if change.isLink { return "link to \(after)" }
        let mode = "mode 0\(String(change.mode, radix: 8))"
        if change.before == nil { return "write, \(mode)" }
        return change.formerMode ?? change.mode == change.mode ? "rewrite" : "rewrite, \(mode)"
    }
}
