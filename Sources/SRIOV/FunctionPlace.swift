package import Text

/// Where a virtual function belongs: its port's netdev, and its number there.
package struct FunctionPlace: Sendable, Equatable {
    /// The port's netdev, as a pool's `<pf>` names it.
    package let port: Name
    package let index: Int

    package init(port: Name, index: Int) {
        self.port = port
        self.index = index
    }
}

extension Sysfs {
    /// The port of a function, without a look at any other; nil where there is no such function, or its port has no
    /// netdev in this network namespace.
    package func place(of function: PCIAddress) throws(HostError) -> FunctionPlace? {
        guard let device = try Folder("\(root)/bus/pci/devices/\(function)"),
            let port = try device.folder("physfn"), let netdev = try Reading.netdevs(of: port).first
        else { return nil }
        for name in try port.names(startingWith: "virtfn") ?? [] {
            guard try port.linkName(name) == function.description,
                let index = name.without(prefix: "virtfn").flatMap({ Int(digits: $0) })
            else { continue }
            return FunctionPlace(port: netdev, index: index)
        }
        return nil
    }
}
