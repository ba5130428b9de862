import CLibvirt

/// A device of the host, as libvirt knows it.
package final class NodeDevice: LibvirtObject {
    /// libvirt's name: `pci_0000_03_10_2`, `net_eth3_02_00_00_00_00_01`.
    package let name: String

    let line: Line
    private let handle: Handle
    var pointer: OpaquePointer { handle.pointer }

    init(_ handle: consuming Handle, _ line: Line) throws(LibvirtError) {
        name = try Answer.borrowedText(virNodeDeviceGetName(handle.pointer))
        self.line = line
        self.handle = handle
    }

    /// Its document. See also `virNodeDeviceGetXMLDesc`.
    package func xml() throws(LibvirtError) -> String { try text { virNodeDeviceGetXMLDesc($0, 0) } }
}
