package import SRIOV
package import Text

/// Which function documents mean by other names than its address: its netdev, its number, its vdpa device.
package struct FunctionNames: Sendable {
    private var functions: Set<PCIAddress> = []
    private var byNetdev: [Name: PCIAddress] = [:]
    private var byVDPA: [Name: PCIAddress] = [:]
    private var byNumber: [PCIAddress: [Int: PCIAddress]] = [:]

    package init(_ state: State) {
        for port in state.ports {
            for function in port.functions {
                functions.insert(function.address)
                if let netdev = function.netdev { byNetdev[netdev] = function.address }
                for case .vdpa(let device) in function.hostUses {
                    if let file = device.file { byVDPA[file] = function.address }
                }
                byNumber[port.address, default: [:]][function.index] = function.address
            }
        }
    }

    package func function(ofNetdev name: Name) -> PCIAddress? { byNetdev[name] }

    /// The function that a guest holds by this; nil where it is none of this host.
    package func function(_ target: HeldDevice.Target) -> PCIAddress? {
        switch target {
        case .device(let address): functions.contains(address) ? address : nil
        case .function(let port, let index): byNumber[port]?[index]
        case .netdev(let name): byNetdev[name]
        case .vdpa(let file): byVDPA[file]
        }
    }
}
