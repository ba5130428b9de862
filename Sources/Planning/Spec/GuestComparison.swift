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
        let live = guest.live(for: interface)
        edit.replugs =
            edit.isLive
            && live.map { isOtherwise($0, than: planned(wanted, interface, pool), guest, fields) } ?? false
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
        let vlan = SpecVLAN(found.vlan, found.trunk)
        if wanted.vlan.differs(from: vlan) {
            fields.append(.init("vlan", vlan?.words, wanted.vlan.value?.words))
        }
        let half = observed.failover(of: found, guest)
        if wanted.failover.differs(from: half) {
            fields.append(.init("failover", half?.string, wanted.failover.value?.string))
        }
        return fields + SettingsComparison.fields(wanted.settings, found.wanted, "settings")
    }

    /// The interface as its document is to have it.
    private func planned(
        _ wanted: GuestSpec.Interface, _ found: GuestInterface, _ pool: Name
    ) -> GuestInterface {
        var next = found
        var portgroup: Name?
        if case .network(pool, let group) = found.attachment { portgroup = group }
        if wanted.portgroup != .nothing { portgroup = wanted.portgroup.value }
        next.attachment = .network(name: pool, portgroup: portgroup)
        if wanted.vlan != .nothing { next.vlan = wanted.vlan.value?.tag }
        next.wanted = wanted.settings.applied(to: found.wanted)
        return next
    }

    /// Whether the running guest gets what is said only if its interface is plugged anew. VF settings are given then by the hook; that
    /// a VF has others although its document says so is a finding of `status`, for plugging it anew again and again may not mend it.
    private func isOtherwise(
        _ live: GuestInterface, than next: GuestInterface, _ guest: Guest, _ fields: [Difference.Field]
    ) -> Bool {
        if RunningInterface(live, next, guest, observed.state).otherLink != nil { return true }
        let hookIsInstalled = options.request(SettingsChange()).hookIsInstalled ?? false
        return hookIsInstalled && fields.contains { $0.name.hasPrefix(bytes: "settings.") }
    }

    /// What the running guest has instead; nil where it has the interface as its document says, or is off.
    private func waiting(_ next: GuestInterface, _ guest: Guest) -> String? {
        guard guest.isActive, let name = next.attachment.networkName else { return nil }
        guard let live = guest.live(for: next) else { return "the running guest does not have it yet" }
        guard let address = live.attachment.pinnedAddress else {
            return live.attachment.networkName == name
                ? nil : "the running guest has \(live.attachment.summary) until its next start"
        }
        if observed.state.claims[address].contains(where: { $0.guestUUID == guest.uuid && $0.kind == .pool(name) }) {
            if live.isTeamed, !next.isTeamed { return "the running guest has a failover pair until its next start" }
            if let path = guest.persistentHalf(of: next).flatMap({ guest.otherPath(of: live, than: $0.attachment) }) {
                return "the running guest falls back on \(path) until its next start"
            }
            return RunningInterface(live, next, guest, observed.state).otherLink.map {
                "the running guest has \($0) until its next start"
            }
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
