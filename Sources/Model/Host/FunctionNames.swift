package import SRIOV
package import Text

/// Which function documents mean by other names than its address: its netdev, its number, its vdpa device.
package struct FunctionNames: Sendable {
    private var functions: Set<PCIAddress> = []
    private var byNetdev: [Name: PCIAddress] = [:]
    private var byPort: [Name: PCIAddress] = [:]
    private var byVDPA: [Name: PCIAddress] = [:]
    private var byNumber: [PCIAddress: [Int: PCIAddress]] = [:]

    package init(_ state: State) {
        for port in state.ports {
            for name in [port.netdev].compactMap(\.self) + port.alternativeNames { byPort[name] = port.address }
            for function in port.functions {
                functions.insert(function.address)
                for name in [function.netdev].compactMap(\.self) + function.alternativeNames {
                    byNetdev[name] = function.address
                }
                for case .vdpa(let device) in function.hostUses {
                    if let file = device.file { byVDPA[file] = function.address }
                }
                byNumber[port.address, default: [:]][function.index] = function.address
            }
        }
    }

    /// The function of a netdev, be it there or not.
    package func function(ofNetdev name: Name) -> PCIAddress? {
        if let address = byNetdev[name] { return address }
        guard let (port, index) = Self.usualPlace(name) else { return nil }
        return byPort[port].flatMap { byNumber[$0]?[index] }
    }

    /// What udev means by a netdev's name, `eth3v1`: for a function that is to come, or that a guest has, there is no other
    /// name; one that is there may have this one beside its own.
    package static func usualPlace(_ name: Name) -> (port: Name, index: Int)? {
        guard let (port, index) = name.string.cut(atLast: "v"), let index = Int(digits: index) else { return nil }
        return (Name(String(port)), index)
    }

    /// The function that a guest holds by this; nil where it is none of this host.
    package func function(_ target: HeldDevice.Target) -> PCIAddress? {
        switch target {
        case .device(let address): functions.contains(address) ? address : nil
        case .function(let port, let index): byNumber[port]?[index]
        case .netdev(let name): self.function(ofNetdev: name)
        case .vdpa(let file): byVDPA[file]
        }
    }
}
