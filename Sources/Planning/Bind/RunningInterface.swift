import Model
import Text

/// An interface on a pool as its running guest has it, beside what a document says.
struct RunningInterface {
    private let live: GuestInterface
    private let next: GuestInterface
    private let guest: Guest
    private let state: State

    init(_ live: GuestInterface, _ next: GuestInterface, _ guest: Guest, _ state: State) {
        self.live = live
        self.next = next
        self.guest = guest
        self.state = state
    }

    /// The VLAN or portgroup that it has instead of the one that it would have if it were plugged anew now; nil where it is the
    /// same: `VLAN 7`.
    var otherLink: String? {
        guard case .network(let name, let group) = next.attachment, let pool = state.network(name) else { return nil }
        // The running pool gives what it was started with.
        let running = pool.live ?? pool.configuration
        let given = running?.portgroups.first { group == nil ? $0.isDefault : $0.name == group }
        guard next.vlan ?? given?.vlan ?? running?.vlan == live.vlan else {
            return live.vlan.map { "VLAN \($0)" } ?? "no VLAN"
        }
        guard let now = portgroup, now != given?.name, now != group else { return nil }
        return "portgroup \(now)"
    }

    /// The one that libvirt gave it a VF by.
    var portgroup: Name? { port?.portgroup }

    private var port: NetworkPortState? {
        guard let address = live.attachment.pinnedAddress, let name = next.attachment.networkName else { return nil }
        return state.network(name)?.guestPorts?.first { $0.address == address && $0.ownerUUID == guest.uuid }
    }
}
