package import SRIOV
package import Text

/// A PF without a netdev of its own here. libvirt sets MAC and VLAN of a pool's VFs through it, and finds it in the folder
/// `net` of the PF's PCI device alone (`virPCIGetNetName`).
package struct PFWithoutNetdev {
    /// Why it has none, to follow "it".
    package let reason: String
    package let hint: Hint

    /// Nil for a PF that has one.
    package init?(title: Name, netdev: Name?, address: PCIAddress, driver: String?) {
        guard netdev == nil else { return nil }
        guard let driver else {
            reason = "has no driver"
            hint = "load it: `lspci -k -s \(shell: address)` names the module"
            return
        }
        if driver.contains(bytes: "vfio") || ["pci-stub", "uio_pci_generic", "igb_uio", "pciback"].contains(driver) {
            reason = "is bound to \(driver)"
            hint = "give it back to its own driver: `virsh nodedev-reattach \(shell: address.nodeDeviceName)`"
        } else if driver.hasPrefix(bytes: "virtio") {
            reason = "is a virtio device, whose netdev is not where libvirt looks"
            hint = "leave its VFs to guests as plain hostdevs"
        } else {
            reason = "has the driver \(driver), but no netdev here"
            hint =
                "is it in another network namespace, a container's? `lsns -t net` lists them; it has to be in the host's own"
        }
    }

    package init?(_ pf: PhysicalFunction) {
        self.init(title: pf.title, netdev: pf.netdev, address: pf.address, driver: pf.driver)
    }
}
