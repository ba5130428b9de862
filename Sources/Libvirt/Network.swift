import CLibvirt
package import Text

/// A network, as libvirt knows it.
package final class Network: LibvirtObject {
    package let name: Name

    /// In lower case with dashes.
    package let uuid: String

    let line: Line
    private let handle: Handle
    var pointer: OpaquePointer { handle.pointer }

    init(_ handle: consuming Handle, _ line: Line) throws(LibvirtError) {
        let pointer = handle.pointer
        name = Name(try Answer.borrowedText(virNetworkGetName(pointer)))
        uuid = try Answer.uuid { virNetworkGetUUIDString(pointer, $0) }
        self.line = line
        self.handle = handle
    }

    /// Whether it is started. See also `virNetworkIsActive`.
    package func isActive() throws(LibvirtError) -> Bool { try flag(virNetworkIsActive) }

    /// Whether it has a configuration that outlives it. See also `virNetworkIsPersistent`.
    package func isPersistent() throws(LibvirtError) -> Bool { try flag(virNetworkIsPersistent) }

    /// Whether it starts with the host. See also `virNetworkGetAutostart`.
    package func autostart() throws(LibvirtError) -> Bool { try value(virNetworkGetAutostart) != 0 }

    /// See also `virNetworkSetAutostart`.
    package func setAutostart(_ autostart: Bool) throws(LibvirtError) {
        try perform { virNetworkSetAutostart($0, autostart ? 1 : 0) }
    }

    /// Its document. See also `virNetworkGetXMLDesc`.
    package func xml(_ flags: NetworkXMLFlags = []) throws(LibvirtError) -> String {
        try text { virNetworkGetXMLDesc($0, flags.rawValue) }
    }

    /// Throws `.operationInvalid` if it is started already. See also `virNetworkCreate`.
    package func start() throws(LibvirtError) { try perform(virNetworkCreate) }

    /// Stops it, and forgets its ports even where guests use them. See also `virNetworkDestroy`.
    package func stop() throws(LibvirtError) { try perform(virNetworkDestroy) }

    /// Removes its configuration; a started network stays. See also `virNetworkUndefine`.
    package func undefine() throws(LibvirtError) { try perform(virNetworkUndefine) }

    /// What is taken of it, by guests and reservations. See also `virNetworkListAllPorts`, since 5.5.0.
    package func ports() throws(LibvirtError) -> [NetworkPort] {
        try list({ virNetworkListAllPorts($0, $1, 0) }, freedBy: virNetworkPortFree, NetworkPort.init)
    }

    /// Throws `.noNetworkPort` if there is none. See also `virNetworkPortLookupByUUIDString`, since 5.5.0.
    package func port(uuid: String) throws(LibvirtError) -> NetworkPort {
        try object(
            { virNetworkPortLookupByUUIDString($0, uuid) }, freedBy: virNetworkPortFree, NetworkPort.init)
    }

    /// Takes a part of it for the owner that the document names. See also `virNetworkPortCreateXML`, since 5.5.0.
    package func createPort(_ xml: String, flags: NetworkPortCreateFlags = []) throws(LibvirtError) -> NetworkPort {
        try object(
            { virNetworkPortCreateXML($0, xml, flags.rawValue) }, freedBy: virNetworkPortFree, NetworkPort.init)
    }
}
