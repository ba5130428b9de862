import Model
import XML

/// What to know about the path that is left to a guest while the VF of its pair is unplugged.
enum PairAdvice {
    /// - Parameter state: the picture that the plan is made from.
    static func warnings(
        _ guest: Guest, _ half: Element, _ persistent: Element, _ path: FailoverPath, _ state: State
    ) -> [Diagnostic] {
        var warnings: [Diagnostic] = []
        if case .network(let network) = path {
            if !network.isActive {
                warnings.append(
                    Passage.inactive(network, guest))
            }
            if network.settings.mode.map(routed.contains) ?? true {
                warnings.append(
                    Diagnostic(
                        .failoverPath,
                        "network \(network.name) leads elsewhere than a VF does (\(network.settings.mode ?? "isolated")): while the VF is unplugged, guest \(guest.name) is on another network",
                        hints: ["name a bridge on the same network as the PF"],
                        fold: Fold(
                            "guest", guest.name,
                            "are on another network while their VF is unplugged: network \(network.name) leads elsewhere than a VF does (\(network.settings.mode ?? "isolated"))",
                            hints: ["name a bridge on the same network as the PF"])))
            }
        }
        if case .bridge(let name, exists: nil) = path {
            warnings.append(
                Diagnostic(
                    .failoverPath,
                    "whether the host has a Linux bridge \(name) can't be seen from here: without it guest \(guest.name) can't start",
                    hints: ["see there: `ip link show dev \(shell: name)`"],
                    fold: Fold(
                        "guest", guest.name,
                        "can't start where the host has no Linux bridge \(name), which can't be seen from here",
                        hints: ["see there: `ip link show dev \(shell: name)`"])))
        }
        let halves = [half, persistent].map { GuestReader.device($0, functions: []) }
        warnings += PFBridge.pair(guest, halves[0], halves[1], state)
        return warnings + vlan(guest, half, persistent, path.words, state)
    }

    /// That the halves are on different VLANs.
    ///
    /// - Parameter words: where the half leads that lasts.
    static func vlan(
        _ guest: Guest, _ half: Element, _ persistent: Element, _ words: String, _ state: State
    ) -> [Diagnostic] {
        let vlans = [half, persistent].map { GuestReader.device($0, functions: []).flatMap(state.effectiveVLAN) }
        let own = vlans[0].map { "VLAN \($0)" } ?? "no VLAN"
        if let attachment = GuestReader.device(persistent, functions: [])?.attachment, persistent.first("vlan") == nil,
            let trunk = (try? Inheritance(attachment, state))?.trunk
        {
            return [
                Diagnostic(
                    .failoverPath,
                    "\(words) gives a trunk of VLANs \(Words.list(trunk)), which a VF can't have: that of guest \(guest.name) is on \(own)",
                    hints: ["name a portgroup's network without a trunk, or let the guest tag on both"],
                    fold: Fold(
                        "guest", guest.name,
                        "have VFs without the trunk of VLANs \(Words.list(trunk)) that \(words) gives",
                        hints: ["name a portgroup's network without a trunk, or let the guests tag on both"]))
            ]
        }
        guard vlans[0] != vlans[1] else { return [] }
        let other =
            vlans[1].map { ", and \(words) is on VLAN \($0)" }
            ?? ": whether \(words) is as well can't be seen from here"
        return [
            Diagnostic(
                .failoverPath, "the VF of guest \(guest.name) is on \(own)\(other)",
                hints: ["while the VF is unplugged, the guest is on what \(text: words) leads to"],
                fold: Fold(
                    "guest", guest.name, "have VFs on \(own)\(other)",
                    hints: ["while their VFs are unplugged, they are on what \(text: words) leads to"]))
        ]
    }

    private static let routed: Set = ["nat", "route", "open"]
}
