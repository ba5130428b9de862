import Model
import SRIOV
import Text

extension ReportIndex {
    func guest(_ guest: Guest) -> GuestReport {
        var interfaces: [InterfaceReport] = []
        var paired: Set<Int> = []
        for next in guest.interfaces {
            let live = guest.live(for: next)
            if let live { paired.insert(live.index) }
            interfaces.append(interface(next, live, of: guest))
        }
        for live in guest.liveInterfaces where !paired.contains(live.index) {
            let now = connection(live, ofRunning: guest)
            interfaces.append(
                InterfaceReport(
                    index: nil, alias: live.alias, mac: live.mac?.description, vlan: live.vlan, liveVLAN: nil,
                    isTeamed: live.isTeamed, acpiNodes: live.acpiNodes, live: now, next: nil,
                    isPending: guest.isPersistent && now.isAboutFunctions))
        }
        return GuestReport(
            name: guest.name, uuid: guest.uuid, isActive: guest.isActive,
            isPausedForMigration: guest.isPausedForMigration, isPersistent: guest.isPersistent,
            autostart: guest.autostart, hasSavedState: state.savedGuests.contains(guest.uuid), titles: guest.titles,
            interfaces: interfaces)
    }

    private func interface(_ next: GuestInterface, _ live: GuestInterface?, of guest: Guest) -> InterfaceReport {
        let later = connection(next, of: guest)
        var now = live.map { connection($0, ofRunning: guest) }
        let lost = lostPool(next, live, of: guest)
        if let lost {
            now?.kind = .pool
            now?.name = lost
        }
        return InterfaceReport(
            index: next.index, alias: next.alias ?? live?.alias, mac: (next.mac ?? live?.mac)?.description,
            vlan: next.vlan ?? live?.vlan, liveVLAN: live?.vlan == next.vlan ? nil : live?.vlan,
            isTeamed: next.isTeamed, acpiNodes: next.acpiNodes, live: now, next: later,
            isPending: guest.isActive && isPending(next, later, live, now), lostPool: lost)
    }

    /// A pool that was stopped under a running guest forgot the guest's port. (A guest that was bound while it ran on a
    /// pinned function has a reservation.)
    private func lostPool(_ next: GuestInterface, _ live: GuestInterface?, of guest: Guest) -> Name? {
        guard state.supportsPorts, let address = live?.attachment.pinnedAddress,
            let name = next.attachment.networkName, let pool = state.network(name),
            poolNames(of: address).contains(name)
        else { return nil }
        let hasPort = state.pools.contains { $0.ports?.contains { $0.address == address } ?? false }
        return hasPort || (pool.isActive && pool.ports == nil) ? nil : name
    }

    /// Whether the next start brings something else, as far as pools and functions are concerned.
    private func isPending(
        _ next: GuestInterface, _ later: ConnectionReport, _ live: GuestInterface?, _ now: ConnectionReport?
    ) -> Bool {
        guard let now, let live else { return later.isAboutFunctions }
        guard later.isAboutFunctions || now.isAboutFunctions else { return false }
        if let vlan = next.vlan, let current = live.vlan, vlan != current { return true }
        if later.kind == .pool || now.kind == .pool { return later.kind != now.kind || later.name != now.name }
        return later.kind != now.kind || later.address != now.address
    }

    /// Where an interface of an inactive document leads.
    private func connection(_ interface: GuestInterface, of guest: Guest) -> ConnectionReport {
        var report = place(interface)
        report.driver = state.driver(of: interface, guest)
        return report
    }

    private func place(_ interface: GuestInterface) -> ConnectionReport {
        switch interface.attachment {
        case .network(let name, let portgroup):
            let isPool = coverage[name] != nil
            return ConnectionReport(kind: isPool ? .pool : .network, name: name, portgroup: portgroup)
        case .hostdevInterface(let address):
            return ConnectionReport(kind: .hostdevInterface, address: address?.description)
        case .hostdev(let address): return ConnectionReport(kind: .hostdev, address: address.description)
        case .bridge(let name): return ConnectionReport(kind: .bridge, name: name)
        case .direct(let device, _): return ConnectionReport(kind: .direct, name: device)
        case .other(let type): return ConnectionReport(kind: .other, name: Name(type))
        }
    }

    /// A pooled interface says `hostdev` in the live document; its PF, or the claim, knows the pool.
    private func connection(_ interface: GuestInterface, ofRunning guest: Guest) -> ConnectionReport {
        var report = connection(interface, of: guest)
        guard let address = interface.attachment.pinnedAddress else { return report }
        for claim in claims[address] where claim.guestUUID == guest.uuid {
            guard case .pool(let name) = claim.kind else { continue }
            report.kind = .pool
            report.name = name
        }
        return report
    }
}
