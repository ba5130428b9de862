import CLibvirt

/// A network, as libvirt knows it.
package final class Network: Sendable {
    package let name: String

    /// In lower case with dashes.
    package let uuid: String

    private let handle: Handle

    init(_ handle: consuming Handle) throws(LibvirtError) {
        let pointer = handle.pointer
        name = try borrowedText(virNetworkGetName(pointer))
        uuid = try uuidText { virNetworkGetUUIDString(pointer, $0) }
        self.handle = handle
    }

    /// Whether it is started. See also `virNetworkIsActive`.
    package func isActive() throws(LibvirtError) -> Bool {
        try check(virNetworkIsActive(handle.pointer)) == 1
    }

    /// Whether it has a configuration that outlives it. See also `virNetworkIsPersistent`.
    package func isPersistent() throws(LibvirtError) -> Bool {
        try check(virNetworkIsPersistent(handle.pointer)) == 1
    }

    /// Whether it starts with the host. See also `virNetworkGetAutostart`.
    package func autostart() throws(LibvirtError) -> Bool {
        var autostart: Int32 = 0
        try check(virNetworkGetAutostart(handle.pointer, &autostart))
        return autostart != 0
    }

    /// See also `virNetworkSetAutostart`.
    package func setAutostart(_ autostart: Bool) throws(LibvirtError) {
        try check(virNetworkSetAutostart(handle.pointer, autostart ? 1 : 0))
    }

    /// Its document. See also `virNetworkGetXMLDesc`.
    package func xml(_ flags: NetworkXMLFlags = []) throws(LibvirtError) -> String {
        try ownedText(virNetworkGetXMLDesc(handle.pointer, flags.rawValue))
    }

    /// Throws `.operationInvalid` if it is started already. See also `virNetworkCreate`.
    package func start() throws(LibvirtError) {
        try check(virNetworkCreate(handle.pointer))
    }

    /// Stops it, and forgets its ports even where guests use them. See also `virNetworkDestroy`.
    package func stop() throws(LibvirtError) {
        try check(virNetworkDestroy(handle.pointer))
    }

    /// Removes its configuration; a started network stays. See also `virNetworkUndefine`.
    package func undefine() throws(LibvirtError) {
        try check(virNetworkUndefine(handle.pointer))
    }

    /// What is taken of it, by guests and reservations. See also `virNetworkListAllPorts`, since 5.5.0.
    package func ports() throws(LibvirtError) -> [NetworkPort] {
        try list(freedBy: virNetworkPortFree, { virNetworkListAllPorts(handle.pointer, $0, 0) }, NetworkPort.init)
    }

    /// Throws `.noNetworkPort` if there is none. See also `virNetworkPortLookupByUUIDString`, since 5.5.0.
    package func port(uuid: String) throws(LibvirtError) -> NetworkPort {
        try NetworkPort(
            Handle(virNetworkPortLookupByUUIDString(handle.pointer, uuid), freedBy: virNetworkPortFree))
    }

    /// Takes a part of it for the owner that the document names. See also `virNetworkPortCreateXML`, since 5.5.0.
    package func createPort(_ xml: String, flags: NetworkPortCreateFlags = []) throws(LibvirtError) -> NetworkPort {
        try NetworkPort(
            Handle(virNetworkPortCreateXML(handle.pointer, xml, flags.rawValue), freedBy: virNetworkPortFree))
    }
}
