package import SRIOV
import Text

/// The PFs of a pool with vfpool's mark, each found among those that the host has, or not.
package struct PoolPFs: Sendable {
    package struct Member: Sendable {
        package let mark: PFMark
        /// What answers to the mark: the PF, or another card in its place.
        package let pf: PhysicalFunction?
        package let verdict: PFIdentity.Verdict

        package var functions: [VirtualFunction] { pf?.functions.filter { mark.selection.contains($0.index) } ?? [] }
    }

    package let members: [Member]
    private let order: FunctionOrder

    package init(_ mark: PoolMark, in pfs: [PhysicalFunction]) {
        order = mark.order
        guard mark.isOfSeveral else {
            members = mark.pfs.map { Self.member($0, in: pfs) }
            return
        }
        // What is one of them stands in for no other, although the bus may be numbered anew and names be given anew: first
        // those that are where they were, then those with their MAC, then what is in the place of one.
        let ways: [(PFMark, [PhysicalFunction]) -> PhysicalFunction?] = [
            { pf, left in PFIdentity(pf).sure(in: left).flatMap { $0.address == pf.address ? $0 : nil } },
            { pf, left in PFIdentity(pf).sure(in: left) }, { pf, left in PFIdentity(pf).pf(in: left) },
        ]
        var left = pfs
        var found: [Int: PhysicalFunction] = [:]
        for way in ways {
            for (place, pf) in mark.pfs.enumerated() where found[place] == nil {
                guard let pf = way(pf, left) else { continue }
                found[place] = pf
                left.removeAll { $0.address == pf.address }
            }
        }
        members = mark.pfs.enumerated().map { place, pf in Self.member(pf, in: [found[place]].compactMap(\.self)) }
    }

    private static func member(_ mark: PFMark, in pfs: [PhysicalFunction]) -> Member {
        let identity = PFIdentity(mark)
        return Member(mark: mark, pf: identity.pf(in: pfs), verdict: identity.verdict(in: pfs))
    }

    /// Those that the pool has functions of: where one is gone, or another card is in its place, the others go on.
    package var own: [Member] {
        let kept = members.filter(\.verdict.allowsUpkeep)
        return (kept.isEmpty ? members : kept).filter { $0.pf != nil }
    }

    /// Those that the others go on without.
    package var lost: [Member] { members.filter { !$0.verdict.allowsUpkeep } }

    package var pfs: [PhysicalFunction] { own.compactMap(\.pf) }

    /// The functions that the pool covers, PF by PF.
    package var functions: [VirtualFunction] { own.flatMap(\.functions) }

    /// Whether any of them is the PF that the pool was made for: another card's functions are nobody's to hand out.
    package var allowsUpkeep: Bool { members.contains(where: \.verdict.allowsUpkeep) }

    /// Which functions of a PF the pool covers; nil for one that is none of its own.
    package func selection(of pf: PhysicalFunction) -> VFSelection? {
        own.first { $0.pf?.address == pf.address }?.mark.selection
    }

    /// These functions in the order in which the pool lists them.
    ///
    /// The number of a function decides when it has its turn, not its place among those that are left: then what is pinned
    /// counts as its PF's share, too, and the list of the others stays as it is.
    ///
    /// - Parameter listed: what the document lists now.
    package func arranged(_ functions: [VirtualFunction], listed: [PCIAddress]) -> [PCIAddress] {
        let wanted = Set(functions.map(\.address))
        let own = own
        var turns: [(rank: (Int, Int, Int), address: PCIAddress)] = []
        for (place, member) in own.enumerated() {
            let node = member.pf?.numaNode
            let rank = order == .numa ? own.firstIndex { $0.pf?.numaNode == node } ?? place : 0
            for function in member.functions where wanted.contains(function.address) {
                turns.append(((rank, function.index, place), function.address))
            }
        }
        let inTurn = turns.sorted { $0.rank < $1.rank }.map(\.address)
        guard order == .listed else { return inTurn }
        let kept = listed.filter(wanted.contains)
        return kept + inTurn.filter { !kept.contains($0) }
    }
}
