import Model
import SRIOV
import Spec
import Text

/// Guests' interfaces as they are, and as a spec says.
struct GuestComparison {
    /// One interface, or a guest that is not there.
    struct Found {
        /// Nil: it is as the spec says.
        var difference: Difference?
        var edits: [GuestEdits.Edit] = []
    }

    private let observed: Observation
    private let options: SpecOptions

    init(_ observed: Observation, _ options: SpecOptions) {
        self.observed = observed
        self.options = options
    }

    func differences(_ guests: [GuestSpec]) -> [Found] {
        let known = Dictionary(observed.state.guests.map { ($0.name, $0) }) { first, _ in first }
        return guests.flatMap { spec -> [Found] in
            let guest =
                UUIDText.normal(spec.name.string) == nil ? known[spec.name] : observed.state.guestMeant(by: spec.name)
            guard let guest else {
                let failure = Failure(
                    .noSuchGuest, "there is no guest \(spec.name)",
                    hints: ["define it first: `virsh define FILE`", "list those that there are: `virsh list --all`"])
                return [
                    Found(
                        difference: Difference(.guest(spec.name, nil), .blocked, failure: failure, origin: spec.origin))
                ]
            }
            return spec.interfaces.map { compare($0, guest, spec.name) }
        }
    }

    private func compare(_ wanted: GuestSpec.Interface, _ guest: Guest, _ name: Name) -> Found {
        let subject = Difference.Subject.guest(name, wanted.mac)
        let pool = observed.state.networkMeant(by: wanted.pool)?.name ?? wanted.pool
        var edit = GuestEdits.Edit(guest: guest.word, pool: wanted.pool, interface: wanted, options)
        edit.isLive = options.isLive && guest.isActive
        let own = guest.interfaces.filter { $0.mac == wanted.mac && !$0.isPersistentHalf }
        guard let interface = own.first(where: { $0.attachment.networkName == pool }) ?? own.first else {
            return missing(wanted, guest, edit, subject)
        }
        let fields = fields(wanted, interface, guest, pool)
        if fields.isEmpty {
            guard let remark = waiting(interface, guest) else { return Found(difference: nil) }
            return Found(
                difference: Difference(subject, .waits, remark: remark, origin: wanted.origin),
                edits: edit.isLive ? [edit.bare] : [])
        }
        return Found(
            difference: Difference(subject, .differs, fields, origin: wanted.origin), edits: [edit])
    }

    /// A fixed VF may have the MAC without its document saying so: then that is the interface.
    private func missing(
        _ wanted: GuestSpec.Interface, _ guest: Guest, _ edit: GuestEdits.Edit, _ subject: Difference.Subject
    ) -> Found {
        var edit = edit
        let difference = Difference(
            subject, .missing, remark: "an interface on pool \(wanted.pool) is not there", origin: wanted.origin)
        var unknown: [GuestInterface] = []
        for interface in guest.interfaces where interface.mac == nil && interface.attachment.pinnedAddress != nil {
            switch try? MACSource.find(interface, guest, observed.state, given: nil, hints: []).mac {
            case wanted.mac?:
                edit.selector = interface.attachment.pinnedAddress?.description
                let found = interface.attachment.summary
                return Found(
                    difference: Difference(
                        subject, .differs, [.init("pool", found, wanted.pool.string)], origin: wanted.origin),
                    edits: [edit])
            case nil: unknown.append(interface)
            default: continue
            }
        }
        if let interface = unknown.first {
            let failure = Failure(
                .noMAC,
                "guest \(guest.name) has no interface \(wanted.mac), but a pinned VF whose MAC is not known: \(interface.summary)",
                hints: [
                    "if it is that one: `vfpool bind \(shell: guest.word) --interface \(shell: interface.index) --mac \(shell: wanted.mac)`"
                ])
            return Found(difference: difference.blocked(failure))
        }
        edit.adds = true
        return Found(difference: difference, edits: [edit])
    }

    private func fields(
        _ wanted: GuestSpec.Interface, _ found: GuestInterface, _ guest: Guest, _ pool: Name
    ) -> [Difference.Field] {
        var fields: [Difference.Field] = []
        var portgroup: Name?
        if case .network(let name, let group) = found.attachment, name == pool {
            portgroup = group
        } else {
            fields.append(.init("pool", found.attachment.summary, wanted.pool.string))
        }
        if wanted.portgroup.differs(from: portgroup) {
            fields.append(.init("portgroup", portgroup?.string, wanted.portgroup.value?.string))
        }
        if wanted.vlan.differs(from: found.vlan) || (found.hasTrunk && wanted.vlan == .none) {
            fields.append(
                .init(
                    "vlan", found.hasTrunk ? "a trunk" : found.vlan.map(String.init),
                    wanted.vlan.value.map(String.init)))
        }
        if let failover = wanted.failover {
            let now = observed.failover(of: found, guest)
            if now != failover { fields.append(.init("failover", now?.string, failover.string)) }
        }
        return fields + SettingsComparison.fields(wanted.settings, found.wanted, "settings")
    }

    /// What the running guest has instead; nil where it has the interface as its document says, or is off.
    private func waiting(_ next: GuestInterface, _ guest: Guest) -> String? {
        guard guest.isActive, let name = next.attachment.networkName else { return nil }
        guard let live = guest.live(for: next) else { return "the running guest does not have it yet" }
        if let vlan = next.vlan, let now = live.vlan, vlan != now {
            return "the running guest has VLAN \(now) until its next start"
        }
        guard let address = live.attachment.pinnedAddress else {
            return live.attachment.networkName == name
                ? nil : "the running guest has \(live.attachment.summary) until its next start"
        }
        if observed.state.claims[address].contains(where: { $0.guestUUID == guest.uuid && $0.kind == .pool(name) }) {
            return nil
        }
        // A pool that was stopped under the guest forgot it.
        let state = observed.state
        let hasPort = state.pools.contains { $0.ports?.contains { $0.address == address } ?? false }
        if state.supportsPorts, !hasPort, let pool = state.network(name),
            state.coverage(of: pool).contains(where: { $0.address == address })
        {
            return nil
        }
        return "the running guest has VF \(address) outside the pool until its next start"
    }
}
