import Model
import SRIOV
import Text

/// What to know about a guest on a pool: everything libvirt would only say at the guest's start.
enum BindAdvice {
    /// - Parameter state: the picture after the plan.
    static func warnings(
        _ guest: Guest, _ pools: [NetworkState], _ state: State, _ known: ClaimIndex? = nil
    ) -> [Diagnostic] {
        let claims = known ?? state.claims
        var warnings = pools.flatMap { pool in of(pool, state, claims) }
        warnings += duplicates(guest, state) + unprotected(guest, state, claims)
        for interface in state.guest(uuid: guest.uuid)?.interfaces ?? [] {
            guard let pool = pools.first(where: { $0.name == interface.attachment.networkName }) else { continue }
            warnings += SwitchMode.warnings(guest.name, vlan: state.effectiveVLAN(interface), on: pool, state)
        }
        if state.savedGuests.contains(guest.uuid) {
            warnings.append(.savedState(guest.name, word: guest.word))
        }
        return warnings + Diagnostic.noSchema(state)
    }

    /// What keeps settings from having any effect: of what is said of any guest on a pool, not how many there are.
    static func ofSettings(_ pools: [NetworkState], _ state: State) -> [Diagnostic] {
        let claims = state.claims
        return pools.flatMap { of($0, state, claims) }.filter { matters.contains($0.code) }
    }

    static func ofSettings(_ guest: Guest, _ pools: [NetworkState], _ state: State) -> [Diagnostic] {
        warnings(guest, pools, state).filter { matters.contains($0.code) }
    }

    private static let matters: Set<Diagnostic.Code> = [
        .savedState, .poolProblem, .pfMissing, .pfReplaced, .sharedGroup, .eswitchMode,
    ]

    /// That a snapshot, which carries the document of then, brings a pin back.
    static func snapshots(_ guest: Guest, _ interfaces: [GuestInterface], _ state: State) -> [Diagnostic] {
        guard state.snapshotGuests.contains(guest.uuid),
            interfaces.contains(where: {
                $0.attachment.pinnedAddress != nil || state.function(of: $0.attachment) != nil
            })
        else { return [] }
        return [
            Diagnostic(
                .savedState,
                "guest \(guest.name) has snapshots, which contain its old document: reverting to one brings the pinned VF back",
                hints: ["after a revert, migrate it again: `vfpool migrate \(shell: guest.word)`"],
                fold: Fold(
                    "guest", guest.name,
                    "have snapshots, which contain their old documents: reverting to one brings the pinned VF back",
                    hints: ["after a revert, migrate the guest again: `vfpool migrate GUEST`"]))
        ]
    }

    static func of(_ pool: NetworkState, _ state: State, _ claims: ClaimIndex) -> [Diagnostic] {
        var warnings: [Diagnostic] = []
        if !pool.isManaged {
            warnings.append(
                Diagnostic(
                    .notManaged, "vfpool did not make pool \(pool.name): VFs held outside it are not reserved",
                    hints: state.takeover(pool)))
        }
        let pfs = state.pfs(of: pool)
        warnings += CreateChecks.groupWarnings(pfs, state.coverage(of: pool), state)
        warnings += Diagnostic.problems(of: pool, state)
        warnings += Diagnostic.lostPFs(of: pool, state)
        if !pool.isActive { warnings.append(.notActive(pool)) }
        warnings += pfs.filter { $0.isUp == false }.map { .pfDown($0.title) }
        if let missing = PoolRestart.missing(pool, state, claims), !missing.isEmpty {
            warnings.append(
                Diagnostic(
                    .stalePool,
                    "the running pool \(pool.name) does not hand out \(missing.count == 1 ? "a free VF" : "free VFs"), \(Words.list(missing.map(\.description))), until it is restarted",
                    hints: ["when no guest uses it, `vfpool reconcile` restarts it"]))
        }
        let count = PoolCapacity(pool, state, claims)
        if !pfs.isEmpty { warnings += [count.shortage(of: pool, as: .moreGuestsThanVFs, .warn)].compactMap(\.self) }
        return warnings
    }

    /// libvirt lets no function have two PFs, so one that the guest still has through the pool can't be reserved yet.
    private static func unprotected(_ guest: Guest, _ state: State, _ claims: ClaimIndex) -> [Diagnostic] {
        let pins = state.guest(uuid: guest.uuid)?.interfaces.compactMap(\.attachment.pinnedAddress) ?? []
        let exposed = pins.filter { address in
            claims[address].contains { if case .pool = $0.kind { $0.guestUUID == guest.uuid } else { false } }
        }
        return exposed.map { address in
            Diagnostic(
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
    private static func duplicates(_ guest: Guest, _ state: State) -> [Diagnostic] {
        guard let planned = state.guest(uuid: guest.uuid) else { return [] }
        return planned.interfaces.compactMap { interface in
            guard let mac = interface.mac else { return nil }
            let others = state.guests(with: mac).filter { other in
                other.interfaces.contains { candidate in
                    guard candidate.mac == mac else { return false }
                    return other.uuid != guest.uuid
                        || (candidate.index != interface.index && !planned.arePair(candidate, interface)
                            && state.olderHalf(of: interface, planned) == nil)
                }
            }
            guard !others.isEmpty else { return nil }
            let shared = SharedMAC(mac, of: others.map(\.name) + [guest.name])
            return Diagnostic(.duplicateMAC, shared.message, hints: shared.hints, fold: shared.fold)
        }
    }
}
