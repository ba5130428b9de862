import Model
import SRIOV
import Text

/// What is to be said of pools as a whole: not active, stale, on a PF that is another one now.
enum PoolFindings {
    static func all(_ index: ReportIndex, _ reports: [PoolReport]) -> [Diagnostic] {
        index.state.pools.sorted { $0.name < $1.name }.flatMap { pool in
            identity(pool, index) + inactive(pool) + transient(pool) + stale(pool, index) + atBoot(pool, index)
        } + UncountedPorts.findings(index.state) + overlaps(index) + reports.flatMap(full)
    }

    /// Two pools know nothing of each other: each would give the same function to a guest of its own.
    private static func overlaps(_ index: ReportIndex) -> [Diagnostic] {
        index.state.pfs.flatMap { pf -> [Diagnostic] in
            let shared = pf.functions.filter { index.poolNames(of: $0.address).count > 1 }
            return Dictionary(grouping: shared) { index.poolNames(of: $0.address).sorted() }
                .sorted { $0.key.joined(separator: " ") < $1.key.joined(separator: " ") }
                .map { names, functions in
                    Diagnostic(
                        .overlappingPools,
                        "\(Words.vfs(functions.map(\.index))) of \(pf.title) \(functions.count == 1 ? "is" : "are") handed out by \(Words.list(names.map { "pool \($0)" })), each to guests of its own",
                        hints: ["move one pool's guests to the other, then remove it: `virsh net-undefine`"],
                        pools: names, pfs: [pf.address.description],
                        vfs: functions.map(\.address.description))
                }
        }
    }

    private static func transient(_ pool: NetworkState) -> [Diagnostic] {
        guard pool.isActive, !pool.isPersistent else { return [] }
        let name = ShellWord(pool.word)
        return [
            Diagnostic(
                .transientPool,
                "pool \(pool.name) is transient: it is gone when it is stopped, and at the next boot",
                hints: [
                    "keep it: `virsh net-dumpxml \(shell: name) --inactive > pool.xml && virsh net-define pool.xml`, then `vfpool reconcile`"
                ], pools: [pool.name])
        ]
    }

    /// Every function is known to be held.
    private static func full(_ pool: PoolReport) -> [Diagnostic] {
        guard pool.isActive, pool.isCoverageKnown, pool.pf != nil,
            pool.counts.free == 0, pool.counts.perhapsFree == 0
        else { return [] }
        return [
            Diagnostic(
                .noVFFree, .note, "pool \(pool.name) has no free VF: no further guest on it can start",
                pools: [pool.name],
                fold: Fold("pool", pool.name, "have no free VF: no further guest on them can start"))
        ]
    }

    private static func inactive(_ pool: NetworkState) -> [Diagnostic] { pool.isActive ? [] : [.notActive(pool)] }

    private static func identity(_ pool: NetworkState, _ index: ReportIndex) -> [Diagnostic] {
        guard let mark = pool.configuration?.mark else { return formerName(pool, index) }
        let pfs = PoolPFs(mark, in: index.state.pfs)
        return pfs.members.flatMap { identity($0, isOne: pfs.members.count == 1, pool) }
            + Diagnostic.lostPFs(of: pool, index.state)
    }

    private static func identity(_ member: PoolPFs.Member, isOne: Bool, _ pool: NetworkState) -> [Diagnostic] {
        let subject = isOne ? "the PF of pool \(pool.name)" : "\(member.mark.title) of pool \(pool.name)"
        let pf = member.pf
        func finding(_ code: Diagnostic.Code, _ message: String, _ hints: [Hint]) -> [Diagnostic] {
            [
                Diagnostic(
                    code, message, hints: hints, pools: [pool.name],
                    pfs: [pf?.address.description].compactMap(\.self))
            ]
        }
        switch member.verdict {
        case .same: return []
        case .renamed(let old, let new):
            return finding(
                .pfRenamed,
                isOne
                    ? "\(subject) was \(old) and is called \(new) now"
                    : "\(subject) is called \(new) now",
                ["update the pool's document: `vfpool reconcile`"])
        case .moved(let old, let new):
            return finding(
                .pfMoved, "\(subject) was at \(old) and is at \(new) now",
                ["look whether guests are pinned to VFs at the old place: `vfpool status \(shell: new)`"])
        case .replaced, .missing: return []
        }
    }

    /// A network made by hand knows its PF by a name alone.
    private static func formerName(_ pool: NetworkState, _ index: ReportIndex) -> [Diagnostic] {
        guard let name = pool.configuration?.pfName, let pf = index.pfs(of: pool.name).first,
            let netdev = pf.netdev, netdev != name, !pf.otherNetdevs.contains(name)
        else { return [] }
        return [
            Diagnostic(
                .pfRenamed,
                "pool \(pool.name) is of \(name), and that PF is called \(netdev) now: libvirt looks for \(name) at the next start, which fails",
                hints: [
                    "take it over, which gives it the new name: `vfpool create \(shell: netdev) --name \(shell: pool.name) --adopt`"
                ], pools: [pool.name], pfs: [pf.address.description])
        ]
    }

    /// libvirt finds a PF's functions when the network starts, and never again.
    private static func stale(_ pool: NetworkState, _ index: ReportIndex) -> [Diagnostic] {
        guard pool.isActive, let live = pool.live, index.state.supportsPorts || !live.addresses.isEmpty,
            !index.state.pfs.isEmpty
        else { return [] }
        let listed = Set(live.addresses)
        // What someone else holds may be missing on purpose: a pool that starts at boot leaves it out.
        let added = (index.coverage[pool.name] ?? []).filter { function in
            !listed.contains(function.address) && index.claims[function.address].isEmpty
        }
        // What is reserved is not handed out.
        let gone = live.addresses.filter { address in
            index.place(address) == nil
                && (index.claims[address].first?.kind != .missing || index.reservations[address] == nil)
        }
        var parts: [String] = []
        if !added.isEmpty {
            parts.append(
                "it does not hand out \(vfs(added, of: pool, index)), which \(added.count == 1 ? "is" : "are") free, until it starts again"
            )
        }
        if !gone.isEmpty {
            parts.append(
                "it still hands out \(Words.list(gone.map(\.description))), which \(gone.count == 1 ? "is" : "are") gone"
            )
        }
        let hasOtherDriver = pool.hasOtherDriver
        if hasOtherDriver {
            parts.append(
                "it gives VFs the VFIO driver \(live.driver.words), not \(pool.configuration?.driver.words ?? ""), until it starts again"
            )
        }
        guard !parts.isEmpty else { return [] }
        return [
            Diagnostic(
                .stalePool, "pool \(pool.name) is stale: \(parts.joined(separator: "; "))",
                hints: staleHints(pool, index, restarts: !added.isEmpty || hasOtherDriver, lacks: gone),
                pools: [pool.name],
                vfs: (added.map(\.address) + gone).map(\.description))
        ]
    }

    /// - Parameter restarts: whether `reconcile` restarts it, as it does for functions that are missing.
    private static func staleHints(
        _ pool: NetworkState, _ index: ReportIndex, restarts: Bool, lacks gone: [PCIAddress]
    ) -> [Hint] {
        // Without the PF, or without VFs, it would not start again: what is missing has its own cure.
        let pfs = index.pfs(of: pool.name)
        guard let pf = pfs.first else { return [] }
        if gone.contains(where: { index.claims[$0].first?.kind == .missing }) {
            return ["keep them from guests until they are back: `vfpool reconcile`"]
        }
        guard pfs.contains(where: { !$0.functions.isEmpty }) else {
            return [
                "enable VFs first: `vfpool resize \(shell: pf.title) NUMBER`; without any the pool can't start"
            ]
        }
        if restarts, pool.isManaged { return ["when no guest uses it, `vfpool reconcile` restarts it"] }
        let name = ShellWord(pool.word)
        return [
            "restart it when no guest uses it: `virsh net-destroy \(shell: name) && virsh net-start \(shell: name) && vfpool reconcile`"
        ]
    }

    /// What the persistent document would hand out at the next start although someone else holds it.
    private static func atBoot(_ pool: NetworkState, _ index: ReportIndex) -> [Diagnostic] {
        // A PF that is another one now has its own finding, and its own cure.
        guard let mark = pool.configuration?.mark, isSettled(PoolPFs(mark, in: index.state.pfs)),
            !(index.coverage[pool.name] ?? []).contains(where: { $0.unreadUse != nil }),
            pool.isPersistent, pool.showsPersistent,
            let next = NextStart(pool, index.state, index.claims), !next.isSaid(by: pool)
        else { return [] }
        return [
            Diagnostic(
                .unprotectedAtBoot,
                "at its next start, pool \(pool.name) would hand out VFs that are held, or leave out free ones",
                hints: ["update its document: `vfpool reconcile`"], pools: [pool.name],
                fold: Fold(
                    "pool", pool.name, "would hand out VFs that are held, or leave out free ones, at their next start",
                    hints: ["update their documents: `vfpool reconcile`"]))
        ]
    }

    /// Whether what remains of the pool's PFs is where it was.
    private static func isSettled(_ pfs: PoolPFs) -> Bool {
        pfs.allowsUpkeep && pfs.members.allSatisfy { $0.verdict == .same || !$0.verdict.allowsUpkeep }
    }

    /// `VFs 4-7`, and of which PFs, where the pool has several.
    static func vfs(_ functions: [VirtualFunction], of pool: NetworkState, _ index: ReportIndex) -> String {
        guard index.pfs(of: pool.name).count > 1 else { return Words.vfs(functions.map(\.index)) }
        return Words.list(
            index.pfs(of: pool.name).compactMap { (pf) -> String? in
                let own = functions.filter { index.place($0.address)?.pf.address == pf.address }
                return own.isEmpty ? nil : "\(Words.vfs(own.map(\.index))) of \(pf.title)"
            })
    }
}
