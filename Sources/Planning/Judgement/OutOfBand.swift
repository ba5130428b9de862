import Model
import SRIOV
import Text

/// What was set with `ip link set … vf`, behind libvirt's back, on the function that an interface has.
///
/// It stays with the function: what of it decides the guest's network goes into the guest's document, the rest is told.
struct OutOfBand {
    /// A VLAN that the guest is on by the kernel's word alone.
    private(set) var vlan: Int?
    /// The MAC that the function keeps when the guest leaves it.
    private var mac: MACAddress?
    /// What else the guest's next function does not have, as vfpool's settings say it.
    private var settings = WantedSettings()
    /// A VLAN of the function that is not the guest's, and what the guest's document says instead.
    private var others: (vlan: Int, own: Int?)?
    private var function: VirtualFunction?
    private var pf: PhysicalFunction?

    /// - Parameter guest: whose interface it is, with what runs.
    init(_ interface: GuestInterface, of guest: Guest, _ state: State) {
        guard let (attachment, isPending) = Self.attachment(interface, guest, state),
            let (pf, function) = state.function(of: attachment), let found = function.settings
        else { return }
        self.function = function
        self.pf = pf
        let isPlain: Bool =
            switch attachment {
            case .hostdev, .direct: true
            default: false
            }
        let runsOnIt = guest.liveInterfaces.contains { $0.isOn(function) }
        let own = state.effectiveVLAN(interface)
        // At the start of a hostdev interface libvirt sets its VLAN or removes the one that is there; what the kernel
        // has while it runs was set since. A plain hostdev's and a macvtap's it leaves alone.
        if isPlain || runsOnIt {
            if interface.vlan == nil, !interface.hasTrunk, !isPending, found.vlan != own { vlan = found.vlan }
            settings.vlanQoS = found.qos
            if found.vlan != nil, found.vlanProtocol != .customer { settings.vlanProtocol = found.vlanProtocol }
        }
        if let other = found.vlan, vlan == nil, other != own { others = (other, own) }
        if isPlain || !runsOnIt { mac = found.mac }
        if found.trust == true { settings.trust = true }
        if found.spoofCheck == false, Self.checksSpoofing(pf) { settings.spoofCheck = false }
        settings.maxRate = found.maxRate
        settings.minRate = found.minRate
        if let state = found.linkState, state != .auto { settings.linkState = state }
    }

    /// Whether the interface has a function whose VLAN decides which network its guest is on.
    var decidesVLAN: Bool { function?.settings != nil }

    /// A VLAN of the function that libvirt does not go by.
    func notes(_ guest: Guest) -> [Note] {
        guard let function, let others else { return [] }
        return [
            Note(
                "guest \(guest.name): VF \(function.address) has VLAN \(others.vlan), set through its PF: libvirt goes by the guest's document, which says \(others.own.map { String($0) } ?? "none")",
                Fold(
                    "guest", guest.name,
                    "have VFs with other VLANs, set through their PFs, than their documents say: libvirt goes by the documents"
                ))
        ]
    }

    /// What was set through the PF beside VLAN and MAC stays there.
    private func stays(_ guest: Guest, _ mac: MACAddress) -> [Diagnostic] {
        guard let function, !settings.isEmpty else { return [] }
        let options = ShellCommand(words: settings.names.flatMap { ["--\($0.rawValue)", settings[$0] ?? ""] })
        return [
            Diagnostic(
                .staysWithVF,
                "guest \(guest.name): VF \(function.address) has \(words), set through its PF: that stays with the VF, and does not follow the guest",
                hints: [
                    "give it that on the pool: `vfpool set \(shell: guest.word) --interface \(shell: mac) \(shell: options)`"
                ],
                fold: Fold(
                    "guest", guest.name,
                    "have VF settings that were set through the PF: they stay with the VFs, and do not follow the guests",
                    hints: ["give each what it needs on the pool, by `vfpool set`"]))
        ]
    }

    /// What does not follow the guest: settings, and a MAC that stays on the function when the guest takes it to another.
    ///
    /// - Parameter mac: the interface's, by which it is known on the pool.
    func warnings(_ guest: Guest, _ mac: MACAddress) -> [Diagnostic] { stays(guest, mac) + staleMAC(guest, mac) }

    private func staleMAC(_ guest: Guest, _ mac: MACAddress) -> [Diagnostic] {
        guard let function, let pf, self.mac == mac else { return [] }
        return [
            Diagnostic(
                .staleMAC,
                "VF \(function.address) keeps the MAC \(mac) that was set through \(pf.title), when guest \(guest.name) takes it to another VF: then two have it",
                hints: [
                    "when the guest no longer has it: `ip link set dev \(shell: pf.title) vf \(shell: function.index) mac 00:00:00:00:00:00`",
                    "and take it out of what sets it at boot: on a pool libvirt sets the guest's MAC",
                ],
                fold: Fold(
                    "VF", "\(function.address) (guest \(guest.name))",
                    "keep MACs that were set through \(pf.title), when their guests take them to other VFs: then two have each",
                    hints: [
                        "when a guest has released its VF: `ip link set dev \(shell: pf.title) vf N mac 00:00:00:00:00:00`",
                        "and take them out of what sets them at boot: on a pool libvirt sets the guest's MAC",
                    ]))
        ]
    }

    // MARK: Details

    private var words: String {
        var words: [String] = []
        if settings.trust == true { words.append("trust on") }
        if settings.spoofCheck == false { words.append("spoof check off") }
        if let rate = settings.maxRate { words.append("at most \(rate) Mbit/s") }
        if let rate = settings.minRate { words.append("at least \(rate) Mbit/s") }
        if let state = settings.linkState { words.append("link state \(state.rawValue)") }
        if let priority = settings.vlanQoS { words.append("VLAN priority \(priority)") }
        if let tag = settings.vlanProtocol { words.append("VLAN protocol \(tag.rawValue)") }
        return words.joined(separator: ", ")
    }

    /// What ties an interface to a function: its own attachment, or that of what runs where a network has given it the
    /// function; nil for one that it has of a pool that vfpool looks after.
    ///
    /// - Returns: with whether it waits for the guest's next start to be on such a pool.
    private static func attachment(
        _ interface: GuestInterface, _ guest: Guest, _ state: State
    ) -> (attachment: Attachment, isPending: Bool)? {
        guard case .network(let name, _) = interface.attachment else { return (interface.attachment, false) }
        guard let live = guest.live(for: interface)?.attachment else { return nil }
        let network = state.network(name)
        guard network?.isManaged ?? false else { return (live, false) }
        let isOfPool = network?.guestPorts?.contains { port in
            port.ownerUUID == guest.uuid && port.address == live.pinnedAddress
        }
        return isOfPool ?? true ? nil : (live, true)
    }

    /// Whether the PF's driver checks for spoofing unless told otherwise: some never do.
    private static func checksSpoofing(_ pf: PhysicalFunction) -> Bool {
        pf.functions.count { $0.settings?.spoofCheck == true } * 2 > pf.functions.count
    }
}

extension GuestInterface {
    /// Whether it has this function, itself or by its netdev.
    func isOn(_ function: VirtualFunction) -> Bool {
        switch attachment {
        case .hostdevInterface(let address): address == function.address
        case .hostdev(let address): address == function.address
        case .direct(let device, _): function.hasNetdev(device)
        default: false
        }
    }
}

extension State {
    /// The function that an attachment fixes, by address or by netdev.
    func function(of attachment: Attachment) -> (pf: PhysicalFunction, function: VirtualFunction)? {
        switch attachment {
        case .hostdevInterface(let address?), .hostdev(let address):
            return place(of: address)
        case .direct(let device, _):
            for pf in pfs {
                if let found = pf.functions.first(where: { $0.hasNetdev(device) }) { return (pf, found) }
            }
        default: break
        }
        return nil
    }
}
