import Model
import SRIOV
import Text

/// What is to be said of single functions: held without protection, kept for nobody, counted on by two.
enum FunctionFindings {
    static func all(_ index: ReportIndex) -> [Diagnostic] {
        index.state.pools.sorted { $0.name < $1.name }.flatMap { protection($0, index) + orphanedPorts($0, index) }
            + twoClaims(index) + sharedGroups(index)
    }

    /// A PF that libvirt gave to a guest that does not run: libvirt counts its function as taken for good.
    private static func orphanedPorts(_ pool: NetworkState, _ index: ReportIndex) -> [Diagnostic] {
        (pool.guestPorts ?? []).compactMap { port in
            guard let address = port.address, !Reservation.isOurs(port),
                !(index.guest(uuid: port.ownerUUID)?.isActive ?? false)
            else { return nil }
            return Diagnostic(
                .orphanedPort,
                "\(title(address, index)) has a network port of guest \(port.ownerName), which does not run: pool \(pool.name) does not hand it out",
                hints: [
                    pool.isManaged && index.guest(uuid: port.ownerUUID) != nil
                        ? "give it back to the pool: `vfpool reconcile`"
                        : "if the guest is not just being started: `virsh net-port-delete \(shell: pool.word) \(shell: port.uuid)`"
                ], pools: [pool.name], guests: [port.ownerName], vfs: [address.description],
                fold: Fold(
                    "VF", short(address, "guest \(port.ownerName)", index),
                    "of pool \(pool.name) have network ports of guests that do not run: the pool does not hand them out",
                    hints: pool.isManaged ? ["give them back to the pool: `vfpool reconcile`"] : []))
        }
    }

    /// The allocator takes a function that looks free, and the guest's start fails: a group has one user.
    private static func sharedGroups(_ index: ReportIndex) -> [Diagnostic] {
        index.state.pfs.flatMap { pf -> [Diagnostic] in
            let groups = Dictionary(grouping: pf.functions.filter { $0.iommuGroup != nil }) { $0.iommuGroup ?? 0 }
            return groups.sorted { $0.key < $1.key }.compactMap { group, members -> Diagnostic? in
                let held = members.first { function in index.claims[function.address].contains { isInUse($0) } }
                let free = members.filter {
                    index.claims[$0.address].isEmpty && index.reservations[$0.address] == nil
                        && !index.poolNames(of: $0.address).isEmpty
                }
                guard let held, !free.isEmpty, let holder = index.claims[held.address].first(where: isInUse)
                else { return nil }
                return Diagnostic(
                    .sharedGroup,
                    "\(Words.vfs(free.map(\.index))) of \(pf.title) can't be used while \(holder.holder) has VF \(held.index): both are in IOMMU group \(group)",
                    pools: Set(free.flatMap { index.poolNames(of: $0.address) }).sorted(),
                    guests: [holder.guestName].compactMap(\.self), pfs: [pf.address.description],
                    vfs: (free + [held]).map(\.address.description))
            }
        }
    }

    /// By somebody who has the whole group open.
    private static func isInUse(_ claim: Claim) -> Bool {
        switch claim.kind {
        case .pool, .live, .host(.program): true
        case .config, .host, .network, .unseen, .missing: false
        }
    }

    private static func protection(_ pool: NetworkState, _ index: ReportIndex) -> [Diagnostic] {
        guard pool.isActive, let ports = pool.ports, let live = pool.live else { return [] }
        let byAddress = Dictionary(ports.compactMap { port in port.address.map { ($0, port) } }) { first, _ in first }
        var findings: [Diagnostic] = []
        for address in live.addresses {
            // Of what could not be read, nothing is said but that.
            guard index.place(address)?.function.unreadUse == nil else { continue }
            let holder = index.claims.outside(pool.name, address).first
            let port = byAddress[address]
            // What is gone is said of its pool.
            if holder?.kind == .missing { continue }
            if port == nil, let holder {
                findings.append(
                    Diagnostic(
                        .unprotected,
                        "\(title(address, index)) is held by \(holder.holder), and pool \(pool.name) would hand it out",
                        hints: unmanagedHints(holder, address, index)
                            + (pool.isManaged
                                ? ["reserve it: `vfpool reconcile`"]
                                : index.state.takeover(pool)),
                        pools: [pool.name],
                        guests: [holder.guestName].compactMap(\.self), vfs: [address.description],
                        fold: Fold(
                            "VF", short(address, holder.holder, index),
                            "are held by others, and pool \(pool.name) would hand them out",
                            hints: unmanagedHints(holder, address, index)
                                + (pool.isManaged
                                    ? ["reserve them: `vfpool reconcile`"]
                                    : index.state.takeover(pool)))))
            } else if let port, holder == nil, Reservation.isReservation(port, of: pool.uuid) {
                findings.append(
                    Diagnostic(
                        .orphanedReservation,
                        "\(title(address, index)) is reserved for \(owner(port)), which does not hold it any more",
                        hints: ["give it back to the pool: `vfpool reconcile`"], pools: [pool.name],
                        guests: port.ownerUUID == Reservation.hostUUID ? [] : [port.ownerName],
                        vfs: [address.description],
                        fold: Fold(
                            "VF", short(address, owner(port), index),
                            "of pool \(pool.name) are reserved for those who do not hold them any more",
                            hints: ["give them back to the pool: `vfpool reconcile`"])))
            }
        }
        return findings
    }

    /// A VF that comes back from a guest gets a netdev, and a DHCP client, a bridge or a bond of the host's may take that.
    private static func unmanagedHints(_ claim: Claim, _ address: PCIAddress, _ index: ReportIndex) -> [Hint] {
        guard claim.isByNetdev, let pf = index.place(address)?.pf else { return [] }
        return [pf.netdevHint]
    }

    private static func owner(_ port: NetworkPortState) -> String {
        port.ownerUUID == Reservation.hostUUID ? "the host" : "guest \(port.ownerName)"
    }

    /// Two who can't both have it: the guest's start, or the pool's next one, will tell.
    private static func twoClaims(_ index: ReportIndex) -> [Diagnostic] {
        index.state.pfs.flatMap { pf in
            pf.functions.compactMap { function in
                var holders: [String] = []
                var guests: [Name] = []
                for claim in index.claims[function.address] where !holders.contains(bytes: claim.holder) {
                    holders.append(claim.holder)
                    if let name = claim.guestName { guests.append(name) }
                }
                // One use by the host beside another is no quarrel.
                guard holders.count > 1, !guests.isEmpty else { return nil }
                return Diagnostic(
                    .twoClaims, "\(title(function.address, index)) is claimed by \(Words.list(holders))",
                    hints: ["only one can have it; point the others at a pool: `vfpool bind GUEST`"],
                    pools: index.poolNames(of: function.address), guests: guests,
                    pfs: [pf.address.description], vfs: [function.address.description],
                    fold: Fold(
                        "VF", short(function.address, Words.list(holders), index),
                        "are each claimed by more than one, and only one can have it",
                        hints: ["point the others at a pool: `vfpool bind GUEST`"]))
            }
        }
    }

    /// `VF 3 of eth3 (guest vm1)`.
    private static func short(_ address: PCIAddress, _ holder: String, _ index: ReportIndex) -> String {
        let title = index.place(address).map { "VF \($0.function.index) of \($0.pf.title)" }
        return "\(title ?? "VF \(address)") (\(holder))"
    }

    private static func title(_ address: PCIAddress, _ index: ReportIndex) -> String {
        guard let place = index.place(address) else { return "VF \(address)" }
        return "VF \(place.function.index) of \(place.pf.title) (\(address))"
    }
}
