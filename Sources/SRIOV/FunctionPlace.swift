package import Text

/// Where a virtual function belongs: its PF's netdev, and its number there.
package struct FunctionPlace: Sendable, Equatable {
    /// The PF's netdev, as a pool's `<pf>` names it.
    package let pf: Name
    package let index: Int

    package init(pf: Name, index: Int) {
        self.pf = pf
        self.index = index
    }
}

extension Sysfs {
    /// The PF of a function, without a look at any other; nil where there is no such function, or its PF has no
    /// netdev in this network namespace.
    package func place(of function: PCIAddress) throws(HostError) -> FunctionPlace? {
        guard let device = try Folder("\(root)/bus/pci/devices/\(function)"),
            let pf = try device.folder("physfn"), let netdev = try SysfsReader.netdevs(of: pf).first
        else { return nil }
        for name in try pf.names(startingWith: "virtfn") ?? [] {
            guard try pf.linkName(name) == function.description,
                let index = name.without(prefix: "virtfn").flatMap({ Int(digits: $0) })
            else { continue }
            return FunctionPlace(pf: netdev, index: index)
        }
        return nil
    }
}
