import Model
import SRIOV
import Text

/// That it makes no difference to a guest which PF of a pool its VF is of.
enum AlikePFs {
    /// - Parameter target: the network that is there already.
    /// - Throws: `pfs-differ`.
    static func check(_ request: CreateRequest, _ target: NetworkState?, _ state: State) throws(Failure) {
        guard request.pfs.count > 1, !(target?.isManaged ?? false) else { return }
        try checkModes(request)
        // With one of its own, libvirt sets that on every VF.
        guard (request.adopt ? target?.configuration?.vlan : request.vlan) == nil else { return }
        try checkVLANs(request, target, state)
    }

    private static func checkModes(_ request: CreateRequest) throws(Failure) {
        guard let one = request.pfs.first(where: { $0.isSwitchdev == true }),
            let other = request.pfs.first(where: { $0.isSwitchdev != true })
        else { return }
        throw Failure(
            .pfsDiffer, "\(one.title) is in switchdev mode, and \(other.title) is not: they can't share a pool",
            cause: "whether a guest's VLAN can be set would depend on which VF it gets",
            hints: SwitchMode.hints(one))
    }

    /// Set through the PF, on VFs that nobody has: those who have one keep it with what it is.
    private static func checkVLANs(
        _ request: CreateRequest, _ target: NetworkState?, _ state: State
    ) throws(Failure) {
        let claims = state.claims
        let covered = Set((target.map { state.coverage(of: $0) } ?? request.covered).map(\.address))
        var known: [(pf: PhysicalFunction, tags: [Name: [Int]])] = []
        for pf in request.pfs {
            var tags: [Name: [Int]] = [:]
            for function in pf.functions where covered.contains(function.address) && claims[function.address].isEmpty {
                guard let settings = function.settings else { continue }
                tags[words(settings), default: []].append(function.index)
            }
            if !tags.isEmpty { known.append((pf, tags)) }
        }
        guard let first = known.first, let other = known.first(where: { Set($0.tags.keys) != Set(first.tags.keys) })
        else { return }
        let differing = [first, other].map { pf, tags in
            "VFs of \(pf.title) have \(Words.list(tags.keys.sorted()))"
        }
        throw Failure(
            .pfsDiffer,
            "\(Words.list(request.titles)) can't share a pool: \(differing.joined(separator: ", "))",
            cause: "which VLAN a guest is on would depend on which VF it gets",
            hints: removals([first, other]) + ["or give the pool one VLAN: `\(shell: request.command) --vlan ID`"])
    }

    private static func words(_ settings: VFSettings) -> Name {
        guard let vlan = settings.vlan else { return "no VLAN" }
        let priority = settings.qos.map { ", priority \($0)" } ?? ""
        return Name("VLAN \(vlan)\(priority)" + (settings.vlanProtocol == .customer ? "" : " (802.1ad)"))
    }

    private static func removals(_ known: [(pf: PhysicalFunction, tags: [Name: [Int]])]) -> [Hint] {
        known.flatMap { pf, tags in
            tags.filter { $0.key != "no VLAN" }.flatMap(\.value).sorted().prefix(2).map {
                "take it away: `ip link set dev \(shell: pf.title) vf \(shell: String($0)) vlan 0`"
            }
        }
    }
}
