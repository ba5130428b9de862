import CLibvirt

/// A claim on a part of a running network: for a pool, on one virtual function. Since libvirt 5.5.0.
package final class NetworkPort: Sendable {
    /// In lower case with dashes.
    package let uuid: String

    private let handle: Handle

    init(_ handle: consuming Handle) throws(LibvirtError) {
        let pointer = handle.pointer
        uuid = try uuidText { virNetworkPortGetUUIDString(pointer, $0) }
        self.handle = handle
    }

    /// Its document: owner, MAC, the function it holds. See also `virNetworkPortGetXMLDesc`.
    package func xml() throws(LibvirtError) -> String {
        try ownedText(virNetworkPortGetXMLDesc(handle.pointer, 0))
    }

    /// Gives back what it holds. See also `virNetworkPortDelete`.
    package func delete() throws(LibvirtError) {
        try check(virNetworkPortDelete(handle.pointer, 0))
    }
}
