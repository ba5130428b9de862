import Model
import SRIOV
import Text

/// What can be said of a pool before libvirt sees it.
enum CreateChecks {
    static func check(_ request: CreateRequest) throws(Failure) {
        for pf in request.pfs where pf.functions.isEmpty { throw noVFs(pf, request) }
        if let name = request.name { try checkName(name) }
        try checkSettings(
            vlans: ([request.vlan] + request.portgroups.map(\.vlan)).compactMap(\.self),
            portgroups: request.portgroups, hasTrunk: false)
        for pf in request.pfs { try checkSelection(request.selection, pf) }
    }

    private static func checkSelection(_ selection: VFSelection, _ pf: PhysicalFunction) throws(Failure) {
        let known = Set(pf.functions.map(\.index))
        let asked = (selection.included?.sorted ?? []) + selection.excluded.sorted
        if let missing = asked.first(where: { !known.contains($0) }) {
            throw Failure(
                .noSuchVF, "\(pf.title) has no VF \(missing)",
                hints: ["it has VFs \(IndexSet(known)): see `vfpool status \(shell: pf.title)`"])
        }
        guard pf.functions.contains(where: { selection.contains($0.index) }) else {
            throw Failure(.badSelection, "the selection leaves no VF of \(pf.title)")
        }
    }

    private static func noVFs(_ pf: PhysicalFunction, _ request: CreateRequest) -> Failure {
        let number = pf.possibleVFs.map { String(min($0, 8)) } ?? "N"
        return Failure(
            .noVFsEnabled, "\(pf.title) has no VFs enabled",
            cause: pf.possibleVFs.map { "it can have up to \($0)" },
            hints: [
                ("enable them with it: `\(shell: request.command) --vfs-count \(shell: number)`" as Hint)
                    .inSpec("have them: pfs: {\(text: pf.title): {vfs: \(text: number), boot: true}}"),
                ("the kernel forgets this at reboot: with `--persist` they are created again before libvirt starts"
                    as Hint)
                    .inSpec(nil),
            ])
    }

    static func checkName(_ name: Name) throws(Failure) {
        let text = name.string
        guard !text.isEmpty, text.utf8.count <= 200, !text.contains(bytes: "/"), !text.hasPrefix(bytes: "-"),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }), text != ".", text != ".."
        else {
            throw Failure(
                .badName, "\(name) can't be a network's name", hints: ["use letters, digits, dots and hyphens"])
        }
    }

    /// What is called like a UUID, virsh takes for the network that has it.
    static func checkNew(_ name: Name) throws(Failure) {
        guard UUIDText.normal(name.string) != nil else { return }
        throw Failure(
            .badName, "\(name) has the form of a UUID, by which virsh would look for another network",
            hints: ["use letters, digits, dots and hyphens"])
    }

    static func checkSettings(vlans: [Int], portgroups: [Portgroup], hasTrunk: Bool) throws(Failure) {
        if hasTrunk { throw trunk("the template") }
        for id in vlans { try checkVLAN(id) }
        var names: Set<Name> = []
        for portgroup in portgroups {
            guard !portgroup.name.isEmpty else { throw Failure(.badPortgroup, "a portgroup needs a name") }
            guard names.insert(portgroup.name).inserted else {
                throw Failure(.duplicatePortgroup, "portgroup \(portgroup.name) is named twice")
            }
        }
        guard portgroups.count(where: \.isDefault) <= 1 else {
            throw Failure(
                .severalDefaults, "more than one portgroup is the default",
                hints: [("leave `:default` on one of them" as Hint).inSpec("say default: true of one of them")])
        }
    }

    static func checkVLAN(_ id: Int) throws(Failure) {
        guard (1...4094).contains(id) else {
            throw Failure(.vlanOutOfRange, "VLAN \(id) is not between 1 and 4094")
        }
    }

    /// That two netdevs at one function are one PF.
    static func netdevs(_ pf: PhysicalFunction) -> [Note] {
        guard let netdev = pf.netdev, !pf.otherNetdevs.isEmpty else { return [] }
        let others = Words.list(pf.otherNetdevs)
        return [
            "\(netdev) and \(others) are one PF, \(pf.address): its VFs are those of all of them, and this is the one pool for them"
        ]
    }

    static func trunk(_ subject: String) -> Failure {
        Failure(
            .vlanTrunk, "\(subject) asks for a VLAN trunk, which a virtual function can't have",
            cause: "libvirt accepts it, and then refuses to start the guest",
            hints: ["give each interface one VLAN, or let the guest tag its own traffic on a VF without VLAN"])
    }

    // MARK: Other pools of the PF

    /// - Parameter target: the network that is there already; adopted, it keeps the functions it has.
    static func checkOverlap(
        _ state: State, _ request: CreateRequest, _ target: NetworkState?
    ) throws(Failure) {
        let adopted = target.flatMap { request.adopt ? state.coverage(of: $0) : nil }
        let wanted = Set((adopted ?? request.covered).map(\.address))
        for pf in request.pfs { try checkOverlap(state, request, target, wanted, pf) }
    }

    private static func checkOverlap(
        _ state: State, _ request: CreateRequest, _ target: NetworkState?, _ wanted: Set<PCIAddress>,
        _ pf: PhysicalFunction
    ) throws(Failure) {
        for other in state.pools where other.name != target?.name {
            let listed = Set(state.coverage(of: other).map(\.address)).union(other.live?.addresses ?? [])
            let shared = pf.functions.filter { wanted.contains($0.address) && listed.contains($0.address) }
            guard !shared.isEmpty else { continue }
            if request.selection.isAll {
                throw Failure(
                    .poolExists, "\(pf.title) already has the pool \(other.name)",
                    hints: target != nil
                        ? [
                            "two pools hand out the same VFs: move \(text: other.name)'s guests, then remove it: `virsh net-undefine`"
                        ]
                        : other.isManaged
                            ? ["use it: `vfpool bind GUEST --pool \(shell: other.word)`"]
                            : state.takeover(other, pf)
                )
            }
            throw Failure(
                .overlappingVFs,
                "\(shared.count == 1 ? "VF" : "VFs") \(IndexSet(shared.map(\.index))) of \(pf.title) \(shared.count == 1 ? "belongs" : "belong") to pool \(other.name)",
                hints: ["two pools may share a PF only with different VFs"])
        }
    }

    static func checkAdoptable(
        _ network: NetworkState, _ state: State, _ request: CreateRequest
    ) throws(Failure) {
        if network.configuration?.hasTrunk ?? false { throw trunk("network \(network.name)") }
        if let problem = state.problems(of: network).first {
            throw Failure(
                .cannotCarry, "no guest can start on network \(network.name): \(problem)",
                hints: ["correct it first: `virsh net-edit \(shell: network.word)`"])
        }
        guard network.isPersistent else {
            throw Failure(
                .notAPool, "network \(network.name) is transient: it ends when it is stopped",
                hints: ["define it first, from a file: `virsh net-define FILE`"])
        }
        if request.hasSettings {
            throw Failure(
                .poolDiffers, "adopting takes network \(network.name) as it is",
                hints: ["leave out --vlan, --portgroup, --vfs, --exclude and --template"])
        }
    }

    /// `8 VFs of eth3`, or `3 VFs (0,4-5) of eth3` where they are a part; of several PFs, each.
    static func count(_ request: CreateRequest) -> String {
        Words.list(request.pfs.map { "\(count(request.selection, $0)) of \($0.title)" })
    }

    /// `8 VFs`, or `3 VFs (0,4-5)` where they are a part.
    static func count(_ selection: VFSelection, _ pf: PhysicalFunction) -> String {
        let indices = pf.functions.map(\.index).filter(selection.contains)
        let noun = indices.count == 1 ? "1 VF" : "\(indices.count) VFs"
        return selection.isAll ? noun : "\(noun) (\(IndexSet(indices)))"
    }
}
