package import Libvirt
package import SRIOV
package import Text

/// One host of a live migration: its picture, and what else its libvirt tells of what decides.
package struct LiveMigrationHost: Sendable {
    package var state: State
    /// The UUID by which libvirt tells hosts apart.
    package var uuid: Fact<String>
    package var emulator: Fact<LibvirtVersion>
    /// Which of the bridges and netdevs that the guest's interfaces name are there.
    package var netdevs: Fact<Set<Name>>
    /// What kind of VFs pools hand out, by the pool's name; without those that can't be known.
    package var kinds: [Name: FunctionKind]
    /// libvirt's hooks by path, and whether they can be run.
    package var hooks: Fact<[Name: Bool]>
    /// What is known of whether what is inside VFs can be handed over, by their addresses.
    package var migration: Fact<[PCIAddress: VFMigration]>

    package init(
        state: State, uuid: Fact<String>, emulator: Fact<LibvirtVersion>, netdevs: Fact<Set<Name>>,
        kinds: [Name: FunctionKind] = [:], hooks: Fact<[Name: Bool]>,
        migration: Fact<[PCIAddress: VFMigration]> = .unknown(HostFacts.elsewhere)
    ) {
        self.state = state
        self.uuid = uuid
        self.emulator = emulator
        self.netdevs = netdevs
        self.kinds = kinds
        self.hooks = hooks
        self.migration = migration
    }
}

/// What a guest sees of a VF's make, and chooses its driver by.
package struct FunctionKind: Sendable, Equatable {
    /// `0x8086`, `0x10ca`.
    package var vendor: String
    package var product: String
    /// What libvirt calls them.
    package var name: String

    package init(vendor: String, product: String, name: String = "") {
        self.vendor = vendor
        self.product = product
        self.name = name
    }

    package static func == (left: Self, right: Self) -> Bool {
        (left.vendor, left.product) == (right.vendor, right.product)
    }

    /// `Intel 82576 Virtual Function (8086:10ca)`.
    package var title: String {
        let numbers = [vendor, product].map { String($0.without(prefix: "0x") ?? $0[...]) }.joined(separator: ":")
        return name.isEmpty ? numbers : "\(name) (\(numbers))"
    }
}
