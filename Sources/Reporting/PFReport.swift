package import Model
package import Text

/// One SR-IOV PF, with all its functions, in pools or not.
package struct PFReport: Sendable, Equatable {
    /// What people call it: its netdev, else its PCI address.
    package var title: Name
    package var netdev: Name?
    package var otherNetdevs: [Name]
    package var address: String
    package var permanentMAC: Fact<String>
    package var mac: Fact<String>
    package var driver: Fact<String>
    package var isInfiniBand = false
    package var enabledVFs: Int
    package var possibleVFs: Fact<Int>
    package var isUp: Fact<Bool>
    package var hasCarrier: Fact<Bool>
    package var iommuGroup: Fact<Int>
    package var numaNode: Fact<Int>
    /// Pools on it, sorted.
    package var pools: [Name]
    package var functions: [FunctionReport]
    package var counts: FunctionCounts
}
