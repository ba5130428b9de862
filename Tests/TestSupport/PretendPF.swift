/// A PF of a pretend host: ready to use as it stands, changed where a test needs it.
package struct PretendPF: Sendable {
    /// nil: in another network namespace, or a driver that makes none.
    package var netdev: String?
    package var bus: Int
    package var domain = 0
    /// `a0:36:9f:BUS:00:00` unless given.
    package var mac: String
    package var driver: String? = "ixgbe"
    /// nil: a card without SR-IOV.
    package var possible: Int?
    package var functions: [PretendFunction]
    package var up = true
    package var node = -1
    package var hasIOMMU = true
    /// More files of its netdev, or other values for them.
    package var attributes: [String: String] = [:]

    /// `vfs` VFs that are bound to vfio-pci, of `possible`.
    package init(_ netdev: String?, bus: Int = 3, vfs: Int, possible: Int? = nil) {
        self.init(
            netdev, bus: bus, possible: possible ?? max(vfs, 8), functions: (0..<vfs).map { _ in PretendFunction() })
    }

    package init(_ netdev: String?, bus: Int = 3, possible: Int? = 8, functions: [PretendFunction]) {
        self.netdev = netdev
        self.bus = bus
        self.possible = possible
        self.functions = functions
        mac = "a0:36:9f:" + padded(bus, 2) + ":00:00"
    }

    /// `DOMAIN:BUS:00.0`.
    package var address: String { padded(domain, 4) + ":" + padded(bus, 2) + ":00.0" }

    /// Where VF `index` is: every second function from 128 on, as on Intel's 82599 (`0000:03:10.0`, `.2`, …).
    package func functionAddress(_ index: Int) -> String {
        let place = bus << 8 + 128 + 2 * index
        return padded(domain, 4) + ":" + padded(place >> 8, 2) + ":" + padded(place >> 3 & 31, 2) + ".\(place & 7)"
    }
}

/// A VF of a pretend PF: free and bound to vfio-pci unless told otherwise.
package struct PretendFunction: Sendable {
    package var driver: String? = "vfio-pci"
    package var netdev: String?
    package var mac = "02:09:c0:00:00:01"
    package var up = true
    package var inOtherNamespace = false
    package var uppers: [(kind: String, name: String)] = []
    package var group: Int?
    package var address: String?
    /// `vfioN`, of a kernel with iommufd.
    package var vfioDevice: String?

    package init() {}

    /// With a netdev on the host.
    package static func onHost(
        _ netdev: String, mac: String = "02:09:c0:00:00:01", up: Bool = true,
        uppers: [(kind: String, name: String)] = []
    ) -> Self {
        var function = Self()
        function.driver = "ixgbevf"
        function.netdev = netdev
        function.mac = mac
        function.up = up
        function.uppers = uppers
        return function
    }

    /// With a netdev in a container.
    package static var inContainer: Self {
        var function = Self()
        function.driver = "ixgbevf"
        function.inOtherNamespace = true
        return function
    }

    /// In an IOMMU group that others are in, too.
    package static func inGroup(_ group: Int) -> Self {
        var function = Self()
        function.group = group
        return function
    }
}

private func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
