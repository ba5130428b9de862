package import SRIOV
import Text

extension State {
    /// The PF in a function's IOMMU group, if there is one that the host has at work: VFIO gives a group away as a whole,
    /// and a PF that is given away has no VFs, so the function is for no guest.
    func portInGroup(of function: VirtualFunction) -> PhysicalFunction? {
        guard let group = function.iommuGroup else { return nil }
        return ports.first { port in
            guard port.iommuGroup == group else { return false }
            let isGivenAway = port.driver?.contains(bytes: "vfio") ?? false
            return !isGivenAway || port.functions.contains { $0.address == function.address }
        }
    }

    /// Functions that no guest can be given because of a PF in their group, by that PF's address.
    package func bars(_ functions: [VirtualFunction]) -> [(port: PhysicalFunction, functions: [VirtualFunction])] {
        ports.compactMap { port in
            let barred = functions.filter { portInGroup(of: $0)?.address == port.address }
            return barred.isEmpty ? nil : (port, barred)
        }
    }
}
