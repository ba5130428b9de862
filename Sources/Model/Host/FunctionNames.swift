package import SRIOV
package import Text

/// Which function documents mean by other names than its address: its netdev, its number, its vdpa device.
package struct FunctionNames: Sendable {
    private var functions: Set<PCIAddress> = []
    private var byNetdev: [Name: PCIAddress] = [:]
    private var byPF: [Name: PCIAddress] = [:]
    private var byVDPA: [Name: PCIAddress] = [:]
    private var byNumber: [PCIAddress: [Int: PCIAddress]] = [:]

    init(_ pfs: [PhysicalFunction]) {
        for pf in pfs {
            for name in [pf.netdev].compactMap(\.self) + pf.alternativeNames { byPF[name] = pf.address }
            for function in pf.functions {
                functions.insert(function.address)
                for name in [function.netdev].compactMap(\.self) + function.alternativeNames {
                    byNetdev[name] = function.address
                }
                for case .vdpa(let device) in function.hostUses {
                    if let file = device.file { byVDPA[file] = function.address }
                }
                byNumber[pf.address, default: [:]][function.index] = function.address
            }
        }
    }

    /// The function of a netdev, be it there or not.
    package func function(ofNetdev name: Name) -> PCIAddress? {
        if let address = byNetdev[name] { return address }
        guard let (pf, index) = Self.usualPlace(name) else { return nil }
        return byPF[pf].flatMap { byNumber[$0]?[index] }
    }

    /// What udev means by a netdev's name, `eth3v1`: for a function that is to come, or that a guest has, there is no other
    /// name; one that is there may have this one beside its own.
    package static func usualPlace(_ name: Name) -> (pf: Name, index: Int)? {
        guard let (pf, index) = name.string.cut(atLast: "v"), let index = Int(digits: index) else { return nil }
        return (Name(String(pf)), index)
    }

    /// The function that a guest holds by this; nil where it is none of this host.
    package func function(_ target: HeldDevice.Target) -> PCIAddress? {
        switch target {
        case .device(let address): functions.contains(address) ? address : nil
        case .function(let pf, let index): byNumber[pf]?[index]
        case .netdev(let name): self.function(ofNetdev: name)
        case .vdpa(let file): byVDPA[file]
        }
    }
}
