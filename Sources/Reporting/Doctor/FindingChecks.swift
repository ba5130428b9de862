import Model

/// What `status` finds, as checks: one source for both.
enum FindingChecks {
    private struct Kind {
        var name: Diagnostic.Code
        var codes: [Diagnostic.Code]
        var verdict: Diagnostic.Severity
        /// What is said where nothing is found.
        var well: String
        /// Of what there has to be one, for that to mean anything.
        var needs: Need
    }

    private enum Need { case pools, activePools, pfs, guests }

    private static let kinds: [Kind] = [
        Kind(name: .pfUp, codes: [.pfDown], verdict: .fail, well: "", needs: .pools),
        Kind(
            name: .pfPinned, codes: [.pfPinned], verdict: .fail, well: "no guest has a PF itself", needs: .pfs),
        Kind(name: .pool, codes: [.noPool], verdict: .note, well: "", needs: .pfs),
        Kind(name: .poolActive, codes: [.poolNotActive], verdict: .fail, well: "every pool is active", needs: .pools),
        Kind(
            name: .poolPersistent, codes: [.transientPool], verdict: .warn, well: "every pool is persistent",
            needs: .pools),
        Kind(name: .poolPF, codes: [.pfRenamed, .pfMoved], verdict: .warn, well: "", needs: .pools),
        Kind(
            name: .poolPF, codes: [.pfReplaced, .pfMissing], verdict: .fail,
            well: "every pool's PF is the one it was made for", needs: .pools),
        Kind(
            name: .poolStale, codes: [.stalePool], verdict: .fail,
            well: "every running pool hands out the VFs that its PF has", needs: .activePools),
        Kind(
            name: .poolOverlap, codes: [.overlappingPools], verdict: .fail, well: "no two pools hand out one VF",
            needs: .pools),
        Kind(
            name: .poolFull, codes: [.noVFFree], verdict: .note, well: "every pool has a free VF", needs: .activePools),
        Kind(name: .poolAtBoot, codes: [.markLost], verdict: .fail, well: "", needs: .pools),
        Kind(
            name: .poolAtBoot, codes: [.unprotectedAtBoot], verdict: .warn,
            well: "the next start of every pool hands out just the VFs that are free", needs: .pools),
        Kind(
            name: .vfProtected, codes: [.unprotected], verdict: .fail,
            well: "no running pool would hand out a VF that is held elsewhere", needs: .activePools),
        Kind(
            name: .vfsCounted, codes: [.vfsForgotten], verdict: .fail,
            well: "libvirt counts every VF that is taken from a running pool", needs: .activePools),
        Kind(
            name: .reservations, codes: [.orphanedReservation], verdict: .warn,
            well: "every reservation has its holder", needs: .activePools),
        Kind(
            name: .lostPorts, codes: [.lostPort], verdict: .fail, well: "no running guest lost its network port",
            needs: .activePools),
        Kind(
            name: .orphanedPorts, codes: [.orphanedPort], verdict: .warn,
            well: "every network port belongs to a running guest",
            needs: .activePools),
        Kind(
            name: .vfSettings, codes: [.settingsDiffer], verdict: .warn,
            well: "every VF in use has its configured settings", needs: .activePools),
        Kind(
            name: .staleSettings, codes: [.staleSettings], verdict: .warn,
            well: "every guest and pool has VF settings for its own interfaces and portgroups only", needs: .pools),
        Kind(name: .iommuGroups, codes: [.sharedGroup], verdict: .warn, well: "", needs: .pfs),
        Kind(
            name: .twoClaims, codes: [.twoClaims], verdict: .warn, well: "no VF is claimed by two guests",
            needs: .guests),
        Kind(name: .pinsOutside, codes: [.missingVF], verdict: .fail, well: "", needs: .guests),
        Kind(
            name: .guestNetwork, codes: [.noSuchNetwork], verdict: .fail,
            well: "every network that a guest points at is there", needs: .guests),
        Kind(
            name: .pendingRestart, codes: [.pendingRestart], verdict: .note,
            well: "no guest has a change that waits for its next start",
            needs: .guests),
        Kind(
            name: .savedState, codes: [.savedState], verdict: .warn, well: "no guest with VFs has a managed save image",
            needs: .guests),
    ]

    static func all(_ exam: Examination) -> [Diagnostic] {
        kinds.flatMap { kind -> [Diagnostic] in
            let found = exam.findings(kind.codes)
            guard found.isEmpty else {
                return found.map { finding in
                    Diagnostic(
                        kind.name, kind.verdict, finding.message, hints: finding.hints, pools: finding.pools,
                        guests: finding.guests, pfs: finding.pfs, fold: finding.fold)
                }
            }
            guard !kind.well.isEmpty, has(kind.needs, exam) else { return [] }
            let others = kinds.filter { $0.name == kind.name }.flatMap(\.codes)
            return exam.findings(others).isEmpty ? [judged(kind, exam)] : []
        }
    }

    private static func has(_ need: Need, _ exam: Examination) -> Bool {
        switch need {
        case .pools: !exam.pools.isEmpty
        case .activePools: exam.pools.contains(where: \.isActive)
        case .pfs: !exam.pfs.isEmpty
        case .guests: !exam.guests.isEmpty
        }
    }

    /// What rests on PFs, or on the host's own uses, is no pass where these can't be seen.
    private static func judged(_ kind: Kind, _ exam: Examination) -> Diagnostic {
        let names = exam.pools.map(\.name)
        let needsPorts: Set<Diagnostic.Code> = [
            .poolStale, .vfProtected, .vfsCounted, .reservations, .lostPorts, .orphanedPorts,
        ]
        if needsPorts.contains(kind.name) {
            if !exam.state.supportsPorts { return .unknown(kind.name, "libvirt has no network ports here") }
            if exam.pools.contains(where: { $0.isActive && exam.index.pfs(of: $0.name).isEmpty }) {
                return .unknown(kind.name, "a pool's PF can't be seen")
            }
        }
        if kind.name == .vfSettings {
            let functions = exam.report.pfs.flatMap { $0.functions.filter { !$0.wantedSettings.isEmpty } }
            if let reason = functions.lazy.compactMap(\.actualSettings.reason).first {
                return .unknown(kind.name, reason)
            }
        }
        let needsUses: Set<Diagnostic.Code> = [.vfProtected, .poolAtBoot, .poolFull]
        if needsUses.contains(kind.name) {
            if !exam.state.isLocal { return .unknown(kind.name, HostFacts.elsewhere) }
            if !exam.state.unknowns.isEmpty {
                return .unknown(kind.name, "who has which VF can't be seen as a whole")
            }
        }
        return Diagnostic(kind.name, .pass, kind.well, pools: names)
    }
}
