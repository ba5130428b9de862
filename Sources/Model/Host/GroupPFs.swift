package import SRIOV
import Text

extension State {
    /// The PF in a function's IOMMU group, if there is one that the host has at work: VFIO gives a group away as a whole,
    /// and a PF that is given away has no VFs, so the function is for no guest.
    private func pfInGroup(of function: VirtualFunction, among pfs: [PhysicalFunction]) -> PhysicalFunction? {
        guard let group = function.iommuGroup else { return nil }
        return pfs.first { pf in
            guard pf.iommuGroup == group else { return false }
            let isGivenAway = pf.driver?.contains(bytes: "vfio") ?? false
            return !isGivenAway || pf.functions.contains { $0.address == function.address }
        }
    }

    /// Functions that no guest can be given because of a PF in their group, by that PF's address.
    package func bars(_ functions: [VirtualFunction]) -> [(pf: PhysicalFunction, functions: [VirtualFunction])] {
        // On most hosts there is none, and each of thousands of VFs need not be held against each PF.
        let groups = Set(functions.compactMap(\.iommuGroup))
        let suspects = pfs.filter { $0.iommuGroup.map(groups.contains) ?? false }
        guard !suspects.isEmpty else { return [] }
        let barred = Dictionary(grouping: functions) { pfInGroup(of: $0, among: suspects)?.address }
        return suspects.compactMap { pf in barred[pf.address].map { (pf, $0) } }
    }
}
