package import Model
package import Text

/// One virtual function as people ask for it: who has it, with which MAC, and what it is bound to.
package struct FunctionReport: Sendable, Equatable {
    /// Nil for an address that a pool lists, but that no PF of the host has.
    package var index: Int?
    /// PCI address.
    package var address: String
    /// The PF's netdev, else its PCI address.
    package var pf: Name?
    package var use: VFUse
    /// False where only libvirt can be asked: a function that is free there may be in use by the host.
    package var isHostUseKnown: Bool
    /// What the host does with it, or why its use is unknown.
    @Bytewise package var reason: String?
    /// Pools that hand it out.
    package var pools: [Name]
    package var guest: Name?
    package var guestUUID: String?
    /// The guest's interface, as `bind --interface` counts it.
    package var interfaceIndex: Int?
    package var interfaceAlias: Name?
    /// The MAC in the guest's document.
    package var mac: Fact<String>
    /// The MAC that the wire sees, by the PF's VF table or the VF's netdev.
    package var actualMAC: Fact<String>
    package var vlan: Fact<Int>
    package var driver: Fact<String>
    package var iommuGroup: Fact<Int>
    package var numaNode: Fact<Int>
    /// What is wanted of it that libvirt has no words for, and what it has.
    package var wantedSettings = WantedSettings()
    package var actualSettings: Fact<WantedSettings>
    /// Everyone else who counts on it, in a few words each.
    @Bytewise package var otherHolders: [String]

    /// Whether libvirt counts it as free where nobody can be asked whether the host uses it itself.
    package var isPerhapsFree: Bool { use == .free && !isHostUseKnown }
}
