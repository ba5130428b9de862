import Model
import SRIOV
import Text
import XML

/// Puts vfpool's mark on a hostdev network that somebody made by hand, and takes it as it is.
enum Adoption {
    static func item(
        _ network: NetworkState, _ state: State, _ request: CreateRequest
    ) throws(Failure) -> Plan.Item {
        try CreateChecks.checkAdoptable(network, state, request)
        let own = Set(request.pfs.flatMap(\.functions).map(\.address))
        if let foreign = network.configuration?.addresses.first(where: { !own.contains($0) }) {
            throw Failure(
                .poolDiffers,
                "network \(network.name) also hands out \(foreign), which is no VF of \(Words.list(request.titles))",
                hints: ["take that out first: `virsh net-edit \(shell: network.word)`"])
        }
        let mark = mark(adopting: network, state, request)
        let pattern = try CreateDocument.pattern()
        // One that had the mark before gets it back, with the VFs that it had and what was wanted of them.
        let former = LostMark.canRestore(network, state) ? network.lostMark?.element : nil
        let document = try readable("network \(network.name)") { () throws(XMLError) in
            let document = try Document(parsing: network.inactiveXML)
            // libvirt takes any name in a document that nobody checks, as one made by hand.
            if let name = network.configuration?.pfName, !name.isDeviceName {
                try PoolDocument.set(.addresses(state.coverage(of: network).map(\.address)), in: document)
            }
            if let former {
                try PoolDocument.putMark(Document(parsing: former).root, in: document)
                return document
            }
            try PoolDocument.setMark(mark, from: pattern, in: document)
            return document
        }
        if let mark = PoolDocument.markElement(in: document.root) { try CreateDocument.want(request, in: mark) }
        return Plan.Item(
            .defineNetwork(
                DocumentChange(
                    name: network.name, uuid: network.uuid, before: network.inactiveXML, after: document.serialized())),
            detail: "adopted: it gets vfpool's mark")
    }

    /// What a network made by hand is marked with: its PFs, of each the part that it hands out, and the order of its list.
    private static func mark(
        adopting network: NetworkState, _ state: State, _ request: CreateRequest
    ) -> PoolMark {
        let covered = Set(state.coverage(of: network).map(\.address))
        var mark = PoolMark(
            request.pfs.map { pf in
                let part = pf.functions.filter { covered.contains($0.address) }
                return PFMark(
                    pf,
                    part.count == pf.functions.count
                        ? .all : VFSelection(included: IndexSet(part.map(\.index)), excluded: IndexSet()))
            })
        guard mark.isOfSeveral, let listed = network.configuration?.addresses else { return mark }
        for order in [FunctionOrder.interleaved, .numa, .listed] {
            mark.order = order
            let pfs = PoolPFs(mark, in: request.pfs)
            if pfs.arranged(pfs.functions, listed: []) == listed { break }
        }
        return mark
    }
}

extension CreateRequest {
    /// A network that is adopted is taken as it is, with all PFs whose functions it hands out.
    func adopting(_ target: NetworkState?, _ state: State) -> CreateRequest {
        guard adopt, let target else { return self }
        var copy = self
        copy.pfs = state.pfs(of: target)
        return copy
    }
}
