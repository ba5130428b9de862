package import SRIOV
import Text

/// The PFs of a pool with vfpool's mark, each found among those that the host has, or not.
package struct PoolPFs: Sendable {
    package struct Member: Sendable {
        package let mark: PFMark
        /// What answers to the mark: the PF, or another card in its place.
        package let port: PhysicalFunction?
        package let verdict: PortIdentity.Verdict

        package var functions: [VirtualFunction] { port?.functions.filter { mark.selection.contains($0.index) } ?? [] }
    }

    package let members: [Member]
    private let order: FunctionOrder

    package init(_ mark: PoolMark, in ports: [PhysicalFunction]) {
        order = mark.order
        guard mark.isOfSeveral else {
            members = mark.pfs.map { Self.member($0, in: ports) }
            return
        }
        // What is one of them stands in for no other, although the bus may be numbered anew and names be given anew: first
        // those that are where they were, then those with their MAC, then what is in the place of one.
        let ways: [(PFMark, [PhysicalFunction]) -> PhysicalFunction?] = [
            { pf, left in PortIdentity(pf).sure(in: left).flatMap { $0.address == pf.address ? $0 : nil } },
            { pf, left in PortIdentity(pf).sure(in: left) }, { pf, left in PortIdentity(pf).port(in: left) },
        ]
        var left = ports
        var found: [Int: PhysicalFunction] = [:]
        for way in ways {
            for (place, pf) in mark.pfs.enumerated() where found[place] == nil {
                guard let port = way(pf, left) else { continue }
                found[place] = port
                left.removeAll { $0.address == port.address }
            }
        }
        members = mark.pfs.enumerated().map { place, pf in Self.member(pf, in: [found[place]].compactMap(\.self)) }
    }

    private static func member(_ mark: PFMark, in ports: [PhysicalFunction]) -> Member {
        let identity = PortIdentity(mark)
        return Member(mark: mark, port: identity.port(in: ports), verdict: identity.verdict(in: ports))
    }

    /// Those that the pool has functions of: where one is gone, or another card is in its place, the others go on.
    package var own: [Member] {
        let kept = members.filter(\.verdict.allowsUpkeep)
        return (kept.isEmpty ? members : kept).filter { $0.port != nil }
    }

    /// Those that the others go on without.
    package var lost: [Member] { members.filter { !$0.verdict.allowsUpkeep } }

    package var ports: [PhysicalFunction] { own.compactMap(\.port) }

    /// The functions that the pool covers, PF by PF.
    package var functions: [VirtualFunction] { own.flatMap(\.functions) }

    /// Whether any of them is the PF that the pool was made for: another card's functions are nobody's to hand out.
    package var allowsUpkeep: Bool { members.contains(where: \.verdict.allowsUpkeep) }

    /// Which functions of a PF the pool covers; nil for one that is none of its own.
    package func selection(of port: PhysicalFunction) -> VFSelection? {
        own.first { $0.port?.address == port.address }?.mark.selection
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
            let node = member.port?.numaNode
            let rank = order == .numa ? own.firstIndex { $0.port?.numaNode == node } ?? place : 0
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
