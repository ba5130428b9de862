package import SRIOV
package import Text
import XML

/// A bridge that stands on a PF itself: what is on it and what is on the PF's VFs meet in the card's own switch.
///
/// That switch (of ixgbe, i40e, igb and others) knows the MACs of the PF and of its VFs, and sends all others to the wire: a
/// VF's guest does not reach one on the bridge, unless the PF is told of its MAC (`bridge fdb add`).
package struct PFBridge {
    let bridge: Name
    let pf: PhysicalFunction

    /// Nil where what is attached leads to no bridge on a PF, or not to this one.
    package init?(_ attachment: Attachment, on wanted: [PhysicalFunction]? = nil, _ state: State) {
        guard state.pfs.contains(where: { !$0.bridges.isEmpty }),
            let bridge = Self.bridge(of: attachment, state),
            let pf = state.pfs.first(where: { $0.bridges.contains(bridge) }),
            wanted.map({ $0.contains { $0.address == pf.address } }) ?? true
        else { return nil }
        self.bridge = bridge
        self.pf = pf
    }

    /// Interfaces of guests that are on it.
    package func cards(_ state: State) -> [(guest: Name, uuid: String, mac: MACAddress)] {
        state.guests.flatMap { guest in
            guest.interfaces.compactMap { interface in
                guard let mac = interface.mac, Self.bridge(of: interface.attachment, state) == bridge else {
                    return nil
                }
                return (guest.name, guest.uuid, mac)
            }
        }
    }

    /// How the card's switch is told of MACs on the bridge.
    package func hints(_ macs: [MACAddress]) -> [Hint] {
        macs.prefix(4).map { "tell the card: `bridge fdb add \(shell: $0) dev \(shell: pf.title) self permanent`" }
            + ["at each boot, before guests start; or put the bridge on another PF"]
    }

    private var forEach: [Hint] {
        ["for each: `bridge fdb add MAC dev \(shell: pf.title) self permanent`, at each boot, before guests start"]
    }

    /// What to know of a pair whose card is on the bridge of its VF's own PF.
    package static func pair(_ guest: Guest, _ half: GuestInterface?, _ persistent: GuestInterface?, _ state: State)
        -> [Diagnostic]
    {
        guard let half, let mac = half.mac, let pool = half.attachment.networkName.flatMap(state.network),
            let found = persistent.flatMap({ PFBridge($0.attachment, on: state.pfs(of: pool), state) })
        else { return [] }
        let pf = found.pf
        return [
            Diagnostic(
                .bridgeOnPF,
                "bridge \(found.bridge) is on \(pf.title) itself: while the VF of guest \(guest.name) is unplugged, guests on VFs of \(pf.title) do not reach it there, unless the card is told of its MAC",
                hints: found.hints([mac]),
                fold: Fold(
                    "guest", guest.name,
                    "have pairs with cards on bridge \(found.bridge), which is on \(pf.title) itself: guests on VFs of \(pf.title) do not reach them there, unless the card is told of their MACs",
                    hints: found.forEach))
        ]
    }

    /// What to know of an interface that goes from a bridge to a VF of the PF that the bridge is on.
    package static func leaving(
        _ interface: GuestInterface, to pool: NetworkState, _ guest: Guest, _ state: State
    ) -> [Diagnostic] {
        guard let found = PFBridge(interface.attachment, on: state.pfs(of: pool), state) else { return [] }
        let pf = found.pf
        let staying = found.cards(state).filter { $0.mac != interface.mac }.map(\.mac)
        return [
            Diagnostic(
                .bridgeOnPF,
                "bridge \(found.bridge) is on \(pf.title) itself: guests that stay on it, and guest \(guest.name) on a VF of \(pf.title), do not reach each other, unless the card is told of their MACs",
                hints: staying.isEmpty ? found.forEach : found.hints(staying),
                fold: Fold(
                    "guest", guest.name,
                    "leave bridge \(found.bridge), which is on \(pf.title) itself: they and the guests that stay on it do not reach each other, unless the card is told of the MACs of these",
                    hints: found.forEach))
        ]
    }

    /// The bridge of the host that is attached to, itself or by a network.
    private static func bridge(of attachment: Attachment, _ state: State) -> Name? {
        switch attachment {
        case .bridge(let name): return name
        case .network(let name, _):
            guard let network = state.network(name), network.settings.mode == "bridge",
                let document = try? Document(parsing: network.inactiveXML)
            else { return nil }
            return document.root.first("bridge")?[name: "name"]
        default: return nil
        }
    }
}
