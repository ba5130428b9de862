import CLibvirt

/// A claim on a part of a running network: for a pool, on one virtual function. Since libvirt 5.5.0.
package final class NetworkPort: LibvirtObject {
    /// In lower case with dashes.
    package let uuid: String

    let line: Line
    private let handle: Handle
    var pointer: OpaquePointer { handle.pointer }

    convenience init(_ handle: consuming Handle, _ line: Line) throws(LibvirtError) {
        let pointer = handle.pointer
        self.init(handle, line, uuid: try Answer.uuid { virNetworkPortGetUUIDString(pointer, $0) })
    }

    init(_ handle: consuming Handle, _ line: Line, uuid: String) {
        self.uuid = uuid
        self.line = line
        self.handle = handle
    }

    /// Its document: owner, MAC, the function it holds. See also `virNetworkPortGetXMLDesc`.
    package func xml() throws(LibvirtError) -> String { try text { virNetworkPortGetXMLDesc($0, 0) } }

    /// Gives back what it holds. See also `virNetworkPortDelete`.
    package func delete() throws(LibvirtError) { try perform { virNetworkPortDelete($0, 0) } }
}
