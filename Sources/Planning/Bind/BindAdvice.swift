import Model
import SRIOV
import Text

/// What to know about a guest on a pool: everything libvirt would only say at the guest's start.
enum BindAdvice {
    /// - Parameter state: the picture after the plan.
    static func warnings(
        _ guest: Guest, _ pools: [NetworkState], _ state: State, _ known: ClaimIndex? = nil
    ) -> [Warning] {
        let claims = known ?? state.claims
        var warnings = pools.flatMap { pool in of(pool, state, claims) }
        warnings += duplicates(guest, state) + unprotected(guest, state, claims)
        for interface in state.guest(uuid: guest.uuid)?.interfaces ?? [] {
            guard let pool = pools.first(where: { $0.name == interface.attachment.networkName }) else { continue }
            warnings += SwitchMode.warnings(guest.name, vlan: state.effectiveVLAN(interface), on: pool, state)
        }
        if state.savedGuests.contains(guest.uuid) {
            warnings.append(
                Warning(
                    .savedState,
                    "guest \(guest.name) has a managed save image, whose document its next start uses instead",
                    hints: ["let it run on, or drop the image: `virsh managedsave-remove \(shell: guest.word)`"],
                    fold: Fold(
                        "guest", guest.name, "have managed save images, whose documents their next start uses instead",
                        hints: ["let them run on, or drop the images: `virsh managedsave-remove GUEST`"]))
            )
        }
        if !Schemas.areAvailable, state.grammar == .here {
            warnings.append(
                Warning(.noSchema, "libvirt's grammar files are missing: documents are checked by the daemon only"))
        }
        return warnings
    }

    /// What keeps settings from having any effect: of what is said of any guest on a pool, not how many there are.
    static func ofSettings(_ pools: [NetworkState], _ state: State) -> [Warning] {
        let claims = state.claims
        return pools.flatMap { of($0, state, claims) }.filter { matters.contains($0.code) }
    }

    static func ofSettings(_ guest: Guest, _ pools: [NetworkState], _ state: State) -> [Warning] {
        warnings(guest, pools, state).filter { matters.contains($0.code) }
    }

    private static let matters: Set<Warning.Code> = [.savedState, .poolProblem, .identity, .sharedGroup, .eswitchMode]

    /// That a snapshot, which carries the document of then, brings a pin back.
    static func snapshots(_ guest: Guest, _ interfaces: [GuestInterface], _ state: State) -> [Warning] {
        guard state.snapshotGuests.contains(guest.uuid),
            interfaces.contains(where: {
                $0.attachment.pinnedAddress != nil || state.function(of: $0.attachment) != nil
            })
        else { return [] }
        return [
            Warning(
                .savedState,
                "guest \(guest.name) has snapshots, which carry its document of then: reverting to one brings the fixed VF back",
                hints: ["after a revert, migrate it again: `vfpool migrate \(shell: guest.word)`"],
                fold: Fold(
                    "guest", guest.name,
                    "have snapshots, which carry their documents of then: reverting to one brings the fixed VF back",
                    hints: ["after a revert, migrate the guest again: `vfpool migrate GUEST`"]))
        ]
    }

    static func of(_ pool: NetworkState, _ state: State, _ claims: ClaimIndex) -> [Warning] {
        var warnings: [Warning] = []
        if !pool.isManaged {
            warnings.append(
                Warning(
                    .notManaged, "vfpool did not make pool \(pool.name): VFs held outside it are not reserved",
                    hints: state.takeover(pool)))
        }
        warnings += CreateChecks.groupWarnings(state.bars(state.coverage(of: pool)))
        for problem in state.problems(of: pool) {
            warnings.append(
                Warning(
                    .poolProblem, "no guest can start on pool \(pool.name): \(problem)",
                    hints: [
                        "mend it: `virsh net-edit \(shell: pool.word)`, and restart it when no guest uses it"
                    ]))
        }
        let pfs = state.pfs(of: pool)
        if let mark = pool.configuration?.mark {
            let pfs = PoolPFs(mark, in: state.pfs)
            for lost in pfs.lost {
                warnings.append(
                    Warning(
                        .identity,
                        "\(mark.isOfSeveral ? lost.mark.title : "the PF") of pool \(pool.name) is not there, or is another card now"
                            + (pfs.allowsUpkeep ? ": the pool has \(Words.list(pfs.pfs.map(\.title))) alone" : ""),
                        hints: ["see `vfpool status \(shell: pool.word)`"]))
            }
        }
        if !pool.isActive {
            warnings.append(
                Warning(
                    .networkNotActive, "pool \(pool.name) is not active: no guest on it can start",
                    hints: ["start it: `virsh net-start \(shell: pool.word)`"]))
        }
        for pf in pfs where pf.isUp == false {
            let who =
                pfs.count == 1
                ? "no guest on pool \(pool.name)" : "no guest that gets a VF of it from pool \(pool.name)"
            warnings.append(
                Warning(
                    .pfDown, "\(pf.title) is down: \(who) can start",
                    hints: ["bring it up: `ip link set dev \(shell: pf.title) up`"]))
        }
        if let missing = PoolRestart.missing(pool, state, claims), !missing.isEmpty {
            warnings.append(
                Warning(
                    .stalePool,
                    "the running pool \(pool.name) does not hand out \(Words.list(missing.map(\.description))), which are free, until it is restarted",
                    hints: ["when no guest uses it, `vfpool reconcile` restarts it"]))
        }
        let count = PoolCapacity(pool, state, claims)
        if !pfs.isEmpty, let guest = count.neverStarting.first {
            warnings.append(Warning(.moreGuestsThanVFs, count.words(guest, pool), hints: PoolCapacity.hints))
        } else if !pfs.isEmpty, count.all > count.available {
            warnings.append(
                Warning(
                    .moreGuestsThanVFs,
                    "pool \(pool.name) has \(Words.count(count.available, "VF")) for \(Words.count(count.all, "interface")): not all of its guests can run at once"
                ))
        }
        return warnings
    }

    /// libvirt lets no function have two PFs, so one that the guest still has through the pool can't be reserved yet.
    private static func unprotected(_ guest: Guest, _ state: State, _ claims: ClaimIndex) -> [Warning] {
        let pins = state.guest(uuid: guest.uuid)?.interfaces.compactMap(\.attachment.pinnedAddress) ?? []
        let exposed = pins.filter { address in
            claims[address].contains { if case .pool = $0.kind { $0.guestUUID == guest.uuid } else { false } }
        }
        return exposed.map { address in
            Warning(
                .unprotected,
                "guest \(guest.name) still has VF \(address) through the pool, which may hand it to another when the guest stops",
                hints: ["reserve it then, before others start: `vfpool reconcile`"],
                fold: Fold(
                    "guest", guest.name,
                    "still have VFs through the pool, which may hand them to others when the guests stop",
                    hints: ["reserve them then, before others start: `vfpool reconcile`"]))
        }
    }

    /// The same MAC twice; the two halves of a pair share theirs by design.
    private static func duplicates(_ guest: Guest, _ state: State) -> [Warning] {
        guard let planned = state.guests.first(where: { $0.uuid == guest.uuid }) else { return [] }
        return planned.interfaces.compactMap { interface in
            guard let mac = interface.mac else { return nil }
            let others = state.guests.filter { other in
                other.interfaces.contains { candidate in
                    guard candidate.mac == mac else { return false }
                    return other.uuid != guest.uuid
                        || (candidate.index != interface.index && !planned.arePair(candidate, interface)
                            && state.olderHalf(of: interface, planned) == nil)
                }
            }
            guard !others.isEmpty else { return nil }
            let shared = SharedMAC(mac, of: others.map(\.name) + [guest.name])
            return Warning(.duplicateMAC, shared.message, hints: shared.hints, fold: shared.fold)
        }
    }
}
