import Model
import SRIOV
import Text

/// A MAC and where it came from: known, given or, only when asked for, new.
struct MACSource {
    var mac: MACAddress
    /// Where it came from, unless from the guest's own document.
    var words: String?
    var isNew = false

    /// The MAC that an interface keeps: its document's, else the one given, the running guest's, the one set through
    /// the PF, the netdev's, the one that the guest's agent tells; a new one only where there is none of these.
    ///
    /// - Parameters:
    ///   - given: what the user says it is.
    ///   - new: made up for this request, because the user asked for a new one.
    ///   - flag: how the user can say it, for the hint.
    /// - Throws: `no-mac`, with the flags that would solve it; `bad-mac`.
    static func find(
        _ interface: GuestInterface, _ guest: Guest, _ state: State, given: MACAddress?, new: MACAddress? = nil,
        hints: [Hint]
    ) throws(Failure) -> MACSource {
        let known = interface.mac ?? partner(interface, guest)?.mac
        if let mac = known {
            try check(given, against: mac, interface, guest)
            return MACSource(
                mac: try usable(mac), words: interface.mac == nil ? "that of the other half of its pair" : nil)
        }
        if let given { return MACSource(mac: try usable(given), words: "as given") }
        let live = guest.live(for: interface)
        // What runs in its place and is no function, the document has been changed from.
        if let mac = (live?.attachment.pinnedAddress == nil ? nil : live?.mac) ?? samePlace(interface, guest) {
            return MACSource(mac: try usable(mac), words: "from the running guest")
        }
        if let address = interface.attachment.pinnedAddress,
            let function = state.function(at: address)
        {
            // A VF that another guest has, or had, has that guest's.
            let others = { (mac: MACAddress) in mac.isZero || holder(of: mac, besides: guest, state) != nil }
            if let mac = function.settings?.mac, !others(mac) {
                return MACSource(mac: try usable(mac), words: "set on the VF through its PF")
            }
            if let mac = function.netdevMAC, !others(mac), !function.hasRandomMAC {
                return MACSource(mac: try usable(mac), words: "that of the VF's netdev \(function.netdev ?? "")")
            }
        }
        if let mac = fromAgent(interface, guest, state) {
            return MACSource(mac: try usable(mac), words: "from the guest's agent")
        }
        if let new { return MACSource(mac: new, words: nil, isNew: true) }
        throw Failure(
            .noMAC, "the MAC of interface \(interface.index) of guest \(guest.name) is not known",
            cause: cause(interface, guest, state), hints: hints)
    }

    /// That an interface is not said to have another MAC than it has.
    ///
    /// - Throws: `bad-mac`.
    static func check(
        _ given: MACAddress?, against mac: MACAddress?, _ interface: GuestInterface, _ guest: Guest
    ) throws(Failure) {
        guard let given, let mac, given != mac else { return }
        throw Failure(
            .badMAC, "interface \(interface.index) of guest \(guest.name) has the MAC \(mac), not \(given)",
            hints: ["leave out --mac: the interface keeps its own"])
    }

    private static func cause(_ interface: GuestInterface, _ guest: Guest, _ state: State) -> String {
        guard let address = interface.attachment.pinnedAddress else {
            return "the guest's document has none, and the guest is not running"
        }
        let function = state.function(at: address)
        var reasons = ["a plain hostdev has none in the guest's document"]
        let found = [function?.settings?.mac, function?.netdevMAC].compactMap(\.self)
        if let (mac, other) = found.lazy.compactMap({ mac in holder(of: mac, besides: guest, state).map { (mac, $0) } })
            .first
        {
            reasons.append("the one on the VF, \(mac), is guest \(other)'s")
        } else {
            reasons.append(
                state.isLocal ? "none is set on the VF" : "whether one is set on the VF can't be seen from here")
        }
        if function?.hasRandomMAC ?? false { reasons.append("its netdev gets a random one at each probe") }
        if guest.isActive {
            reasons.append(
                state.agentMACs[guest.uuid] == nil
                    ? "the guest's agent does not answer" : "the guest's agent tells several, or none, that it could be"
            )
        }
        return Words.list(reasons)
    }

    /// What the guest's agent tells, where only one of its MACs can be that of its only hostdev without one.
    private static func fromAgent(_ interface: GuestInterface, _ guest: Guest, _ state: State) -> MACAddress? {
        guard let told = state.agentMACs[guest.uuid] else { return nil }
        let unknown = guest.liveInterfaces.filter { $0.mac == nil }
        let known = Set(guest.liveInterfaces.compactMap(\.mac))
        let rest = Set(told).subtracting(known).filter { !$0.isZero && !$0.isMulticast }
        guard unknown.map(\.attachment) == [interface.attachment], rest.count == 1 else { return nil }
        return rest.first
    }

    /// The persistent half of the teaming pair that this interface is the other half of: both have one MAC.
    private static func partner(_ interface: GuestInterface, _ guest: Guest) -> GuestInterface? {
        guard let alias = interface.partner else { return nil }
        return guest.interfaces.first { $0.alias == alias }
    }

    /// The MAC of an interface that is added.
    static func forNew(_ guest: Guest, _ state: State, _ request: BindRequest) throws(Failure) -> MACSource {
        if let mac = request.mac {
            if let other = holder(of: mac, besides: guest, state) { throw duplicate(mac, other, guest.name) }
            return MACSource(mac: try usable(mac))
        }
        if let mac = request.newMAC { return MACSource(mac: mac, isNew: true) }
        throw Failure(
            .noMAC, "the new interface of guest \(guest.name) needs a MAC",
            hints: [
                "give its MAC: `vfpool bind \(shell: guest.word) --add --mac MAC`",
                "or generate one: `vfpool bind \(shell: guest.word) --add --new-mac`",
            ])
    }

    static func duplicate(_ mac: MACAddress, _ holder: Name, _ guest: Name) -> Failure {
        Failure(
            .duplicateMAC, "guest \(holder) has an interface with the MAC \(mac) already",
            hints: [("choose another, or generate one with --new-mac" as Hint).inSpec("choose another")])
    }

    static func holder(of mac: MACAddress, besides guest: Guest, _ state: State) -> Name? {
        state.guests.first { other in
            other.uuid != guest.uuid && (other.interfaces + other.liveInterfaces).contains { $0.mac == mac }
        }?.name
    }

    /// libvirt may have made a MAC up when the guest started; the live document has it, in the same place.
    private static func samePlace(_ interface: GuestInterface, _ guest: Guest) -> MACAddress? {
        guard guest.interfaces.count == guest.liveInterfaces.count,
            guest.liveInterfaces.indices.contains(interface.index)
        else { return nil }
        // If the document was edited since, another device stands there.
        let live = guest.liveInterfaces[interface.index]
        return live.attachment == interface.attachment ? live.mac : nil
    }

    private static func usable(_ mac: MACAddress) throws(Failure) -> MACAddress {
        guard !mac.isMulticast, !mac.isZero else {
            throw Failure(
                .badMAC, "\(mac) can't be an interface's MAC: it is \(mac.isZero ? "all zero" : "a multicast one")")
        }
        return mac
    }
}
