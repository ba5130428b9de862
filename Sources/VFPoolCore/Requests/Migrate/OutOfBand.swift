import SRIOV

/// What was set on a function with `ip link set … vf`, behind libvirt's back.
struct OutOfBand {
    /// A VLAN that the guest is on by the kernel's word alone: it goes into the guest's document.
    var vlan: Int?
    /// What can't come along, in words; nil where there is nothing.
    var staysBehind: String?

    init(_ pin: Pin, of guest: Guest) {
        guard let function = pin.function, let settings = function.settings else { return }
        let isPlain: Bool
        if case .hostdev = pin.interface.attachment { isPlain = true } else { isPlain = pin.kind == .macvtap }
        let runsOnIt = guest.liveInterfaces.contains { $0.attachment.pinnedAddress == function.address }
        // At the start of a hostdev interface libvirt sets its VLAN or removes the one that is there; what the kernel
        // has while it runs was set since. A plain hostdev's and a macvtap's it leaves alone.
        if isPlain || runsOnIt, pin.interface.vlan == nil { vlan = settings.vlan }
        guard isPlain || runsOnIt else { return }
        var words: [String] = []
        if settings.trust == true { words.append("trust on") }
        if settings.spoofCheck == false, pin.port.map(Self.checksSpoofing) ?? false { words.append("spoof check off") }
        if let rate = settings.maxRate { words.append("at most \(rate) Mbit/s") }
        if let rate = settings.minRate { words.append("at least \(rate) Mbit/s") }
        if let state = settings.linkState, state != .auto { words.append("link state \(state.rawValue)") }
        if let priority = settings.qos { words.append("VLAN priority \(priority)") }
        if !words.isEmpty { staysBehind = words.joined(separator: ", ") }
    }

    /// Whether the port's driver checks for spoofing unless told otherwise: some never do.
    private static func checksSpoofing(_ port: PhysicalFunction) -> Bool {
        port.functions.count { $0.settings?.spoofCheck == true } * 2 > port.functions.count
    }
}
