import Model
import SRIOV
import Text

/// An interface that gets another attachment by a document that is there, as when it goes back to what it was: what to say
/// of it, whether it is unbound or its change is undone.
struct Passage {
    private let from: GuestInterface
    private let to: GuestInterface
    private let guest: Guest
    private let state: State
    private let left: OutOfBand

    init(from: GuestInterface, to: GuestInterface, of guest: Guest, _ state: State) {
        self.from = from
        self.to = to
        self.guest = guest
        self.state = state
        left = OutOfBand(from, of: guest, state)
    }

    private var subject: String { "interface \(from.index) of guest \(guest.name)" }

    private var mac: MACAddress? { from.mac ?? to.mac }

    /// Whether it has another attachment, and so another function, network or bridge.
    private var moves: Bool { from.attachment != to.attachment }

    /// `network vfpool-eth3 → bridge br0; keeps MAC 52:54:00:00:00:01`.
    var words: String {
        let place =
            moves
            ? "\(from.attachment.summary) → \(to.attachment.summary)"
            : "\(to.attachment.summary)" + (to.vlan.map { ", VLAN \($0)" } ?? "")
        return place + "; " + macWords
    }

    /// What becomes of its MAC: `keeps MAC 52:54:00:00:00:01`.
    var macWords: String {
        let words = "keeps MAC \(mac?.description ?? "unknown")"
        return plainHostdev.isEmpty ? words : words + " if it is set on the VF"
    }

    var warnings: [Diagnostic] {
        plainHostdev + vlan + virtualport + network + (moves ? mac.map { left.warnings(guest, $0) } ?? [] : [])
    }

    var notes: [Note] {
        var notes: [Note] = []
        if moves {
            notes += left.notes(guest)
            notes += DriverPassage.notes(
                subject, of: guest, from: state.driver(of: from, guest), to: state.driver(of: to, guest))
        }
        if let name = to.attachment.networkName, state.network(name) == nil {
            notes.append(
                Note(
                    "guest \(guest.name) will point at network \(name), which is not there",
                    Fold("guest", guest.name, "will point at network \(name), which is not there")))
        }
        var given = from
        given.wanted = WantedSettings()
        let lost = state.wanted(given)
        if moves, !lost.isEmpty, to.attachment.networkName.flatMap(state.network)?.isManaged != true {
            notes.append(
                Note(
                    "\(subject) is without \(lost.summary), which network \(from.attachment.networkName ?? "") sets on its VFs",
                    Fold(
                        "guest", guest.name,
                        "are without the VF settings that network \(from.attachment.networkName ?? "") sets on its VFs"
                    ))
            )
        }
        return notes
    }

    // MARK: Details

    /// Whether what the kernel says of the function is libvirt's doing, and changes when the guest that has it stops.
    private func isHandedOut(_ address: PCIAddress?) -> Bool {
        guard let address else { return false }
        return state.pools.contains { pool in pool.guestPorts?.contains { $0.address == address } ?? false }
    }

    /// The VLAN that it will be on, as far as that can be known.
    private var comingVLAN: Int? {
        let known = state.effectiveVLAN(to)
        return isHandedOut(to.attachment.pinnedAddress) ? known : OutOfBand(to, of: guest, state).vlan ?? known
    }

    private var vlan: [Diagnostic] {
        let old = left.vlan ?? state.effectiveVLAN(from)
        let new = comingVLAN
        guard old != new, left.decidesVLAN || state.decidesVLAN(from) else { return [] }
        if new == nil, !state.decidesVLAN(to), state.function(of: to.attachment) == nil {
            return [VLANChange.warning(subject, from: old, to: "what \(to.attachment.summary) gives it")]
        }
        var warning = VLANChange.warning(subject, from: old, to: new)
        if case .hostdev = to.attachment, let old, let (pf, function) = state.function(of: to.attachment) {
            warning.hints = [
                "set it on the VF before the guest starts: `ip link set dev \(shell: pf.title) vf \(shell: function.index) vlan \(shell: old)`"
            ]
        }
        return [warning]
    }

    /// libvirt gives a plain hostdev no MAC: the guest sees what is set on the VF through its PF, if anything.
    private var plainHostdev: [Diagnostic] {
        guard case .hostdev(let address) = to.attachment, let mac, from.mac != nil else { return [] }
        let found = state.function(of: to.attachment)
        guard found?.function.settings?.mac != mac || isHandedOut(address) else { return [] }
        let command: ShellCommand =
            "ip link set dev \(shell: found?.pf.title ?? "PF") vf \(shell: found.map { String($0.function.index) } ?? "N") mac \(shell: mac)"
        return [
            Diagnostic(
                .plainHostdev,
                "libvirt sets no MAC for a plain hostdev: guest \(guest.name) may see another than \(mac)",
                hints: ["set it on the VF before the guest starts: `\(shell: command)`"],
                fold: Fold(
                    "guest", guest.name,
                    "get plain hostdevs, for which libvirt sets no MAC: they may see others than they have now",
                    hints: ["set it on each VF before its guest starts: `ip link set dev PF vf N mac MAC`"]))
        ]
    }

    /// A virtualport that the network gave it, of a switch that then knows the guest's MAC no more.
    private var virtualport: [Diagnostic] {
        guard moves, let name = from.attachment.networkName,
            let given = (try? Inheritance(from.attachment, state))?.virtualport,
            ((try? Inheritance(to.attachment, state))?.virtualport ?? to.virtualport) != given
        else { return [] }
        return [
            Diagnostic(
                .virtualportLost, "\(subject) is without the virtualport \(given) that network \(name) gives it",
                hints: ["if the switch needs it, set it in the guest's document: `virsh edit \(shell: guest.word)`"],
                fold: Fold(
                    "guest", guest.name, "are without the virtualport \(given) that network \(name) gives them",
                    hints: ["if the switch needs it, set it in their documents: `virsh edit GUEST`"]))
        ]
    }

    private var network: [Diagnostic] {
        if case .bridge(let name) = to.attachment, moves, to.virtualport != "openvswitch" {
            return Self.noBridge(name, guest, state.bridges?.contains(name))
        }
        guard let network = to.attachment.networkName.flatMap(state.network), !network.isActive, !network.isPool else {
            return []
        }
        return [Self.inactive(network, guest)]
    }

    /// That there is no bridge where a guest goes.
    ///
    /// - Parameter isThere: nil where that can't be told.
    static func noBridge(_ name: Name, _ guest: Guest, _ isThere: Bool?) -> [Diagnostic] {
        guard isThere == false else { return [] }
        return [
            Diagnostic(
                .poolNotActive,
                "there is no Linux bridge \(name) on this host: guest \(guest.name) can't start on it",
                hints: ["make it before the guest starts; for Open vSwitch, name a libvirt network instead"],
                fold: Fold(
                    "guest", guest.name, "can't start: there is no Linux bridge \(name) on this host",
                    hints: ["make it before the guests start; for Open vSwitch, name a libvirt network instead"]))
        ]
    }

    /// That a guest can't start where it goes.
    static func inactive(_ network: NetworkState, _ guest: Guest) -> Diagnostic {
        Diagnostic(
            .poolNotActive, "network \(network.name) is not active: guest \(guest.name) can't start on it",
            hints: ["start it: `virsh net-start \(shell: network.word)`"],
            fold: Fold(
                "guest", guest.name, "can't start: network \(network.name) is not active",
                hints: ["start it: `virsh net-start \(shell: network.word)`"]))
    }
}
