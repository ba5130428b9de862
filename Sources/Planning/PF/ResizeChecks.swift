import Model
import SRIOV
import Text

/// What stands in the way of another number of VFs.
enum ResizeChecks {
    static func check(_ state: State, _ request: ResizeRequest) throws(Failure) {
        let pf = request.pf
        guard state.isLocal else {
            throw Failure(
                .unsupported,
                "the VF count of \(pf.title) can't be changed through libvirt: its host's kernel keeps it",
                hints: ["run vfpool on that host itself"])
        }
        if request.count > 0 { try CardLimits.checkFirmware(pf) }
        if let possible = pf.possibleVFs, request.count > possible {
            throw Failure(
                .tooManyVFs, "\(pf.title) can have no more than \(Words.count(possible, "VF"))",
                hints: ["some cards can have more by their firmware's settings"])
        }
        if request.hostDrivers != nil, pf.probesDrivers == nil {
            throw Failure(
                .unsupported, "this kernel gives new VFs to the host's drivers in any case",
                cause: "\(pf.title) has no sriov_drivers_autoprobe in sysfs")
        }
        guard request.count != pf.enabledVFs else { return }
        try checkPools(state, request)
        if pf.enabledVFs > 0 { try checkUnused(state, request) }
    }

    // MARK: Pools

    private static func checkPools(_ state: State, _ request: ResizeRequest) throws(Failure) {
        let title = request.pf.title
        for pool in state.pools(of: request.pf) {
            if pool.isActive, !pool.isManaged {
                throw Failure(
                    .poolInUse, "network \(pool.name) hands out VFs of \(title), and vfpool did not make it",
                    hints: ["stop it first, when no guest uses it: `virsh net-destroy \(shell: pool.word)`"]
                        + state.takeover(pool, request.pf))
            }
            guard pool.isManaged else { continue }
            let pfs = pool.configuration?.mark.map { PoolPFs($0, in: state.pfs) }
            let selection = pfs?.selection(of: request.pf) ?? .all
            let others = pfs?.own.filter { $0.pf?.address != request.pf.address } ?? []
            guard
                (0..<request.count).contains(where: selection.contains) || !others.allSatisfy(\.functions.isEmpty)
            else {
                throw Failure(
                    .poolInUse, "pool \(pool.name) would have no VF left",
                    hints: ["delete it first: `vfpool delete \(shell: pool.word)`"])
            }
            guard state.supportsPorts || !pool.isActive else {
                throw Failure(
                    .unsupported,
                    "it is not known who has VFs of the running pool \(pool.name): this libvirt has no network ports",
                    hints: ["stop it first, when no guest uses it: `virsh net-destroy \(shell: pool.word)`"])
            }
        }
    }

    // MARK: Holders

    /// The kernel goes from one count to another through 0 alone: every VF is taken away from whoever has it.
    private static func checkUnused(_ state: State, _ request: ResizeRequest) throws(Failure) {
        let claims = state.claims
        var holders: [String] = []
        var hints: [Hint] = []
        for function in request.pf.functions {
            let holds = claims[function.address].compactMap { hold($0, function, request, state) }
            // Who holds it, and has it pinned as well, is named once.
            let pinned = holds.filter(\.isPinned).map(\.guest)
            let named = holds.filter { $0.isPinned || $0.guest == nil || !pinned.contains($0.guest) }
            if !named.isEmpty {
                holders.append("VF \(function.index): \(named.map(\.words).deduplicated.joined(separator: ", "))")
            }
            for hint in holds.compactMap(\.hint) where !hints.contains(hint) { hints.append(hint) }
        }
        guard !holders.isEmpty else { return }
        throw Failure(
            .vfInUse, "VFs of \(request.pf.title) are held: \(Words.list(holders))",
            cause:
                "from \(request.pf.enabledVFs) to \(request.count) the kernel goes through 0, which takes each of them away",
            hints: Array(hints.prefix(5)) + [
                "then run this again",
                "or have the new count from the next boot on: `vfpool boot \(shell: request.pf.title) --vfs-count \(shell: request.count)`",
            ])
    }

    /// Why a VF can't be taken away for a moment, and what would release it.
    private struct Hold {
        /// Its UUID.
        var guest: String?
        var isPinned = false
        let words: String
        let hint: Hint?
    }

    /// - Returns: nil where the VF will be there again, as it was.
    private static func hold(
        _ claim: Claim, _ function: VirtualFunction, _ request: ResizeRequest, _ state: State
    ) -> Hold? {
        let name = claim.guestWord ?? ""
        switch claim.kind {
        case .pool, .live:
            return Hold(
                guest: claim.guestUUID, words: claim.holder, hint: "shut it down: `virsh shutdown \(shell: name)`")
        case .network(let network):
            return Hold(
                words: claim.holder,
                hint: "stop its network first: `virsh net-destroy \(shell: state.word(ofNetwork: network))`")
        case .host, .unseen, .missing: return Hold(words: claim.holder, hint: nil)
        case .config:
            if let way = claim.way {
                return Hold(
                    guest: claim.guestUUID, isPinned: true, words: "\(claim.holder) has it \(way.words)",
                    hint: "\(text: way.remedy) first: `virsh edit \(shell: name)`")
            }
            let guest = claim.guestUUID.flatMap(state.guest(uuid:))
            let interface = guest?.interfaces.first { $0.index == claim.interfaceIndex }
            // Its MAC is in the document, so the guest finds all as it was.
            if interface?.mac != nil, function.index < request.count { return nil }
            let why =
                interface?.mac == nil
                ? "\(claim.holder) has it pinned, and only the VF keeps its MAC" : "\(claim.holder) has it pinned"
            return Hold(
                guest: claim.guestUUID, isPinned: true, words: why,
                hint: "point it at a pool: `vfpool bind \(shell: name)`")
        }
    }
}
