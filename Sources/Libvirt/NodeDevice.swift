import CLibvirt

/// A device of the host, as libvirt knows it.
package final class NodeDevice: Sendable {
    /// libvirt's name: `pci_0000_03_10_2`, `net_eth3_02_00_00_00_00_01`.
    package let name: String

    private let handle: Handle

    init(_ handle: consuming Handle) throws(LibvirtError) {
        name = try borrowedText(virNodeDeviceGetName(handle.pointer))
        self.handle = handle
    }

    /// Its document. See also `virNodeDeviceGetXMLDesc`.
    package func xml() throws(LibvirtError) -> String {
        try ownedText(virNodeDeviceGetXMLDesc(handle.pointer, 0))
    }
}
