import CLibvirt

/// A connection to one libvirt daemon, or to a driver in this process; closed when it and all it gave are gone.
///
/// Calls block, and several may be in flight on one connection (`inParallel`).
package final class Connection: LibvirtObject {
    private let handle: Handle
    var pointer: OpaquePointer { handle.pointer }
    let hasEvents: Bool

    private init(_ handle: consuming Handle, hasEvents: Bool) {
        self.handle = handle
        self.hasEvents = hasEvents
    }

    /// Connects to `uri`; with `nil` libvirt chooses (`LIBVIRT_DEFAULT_URI`, its configuration, its probing).
    ///
    /// Asks on the terminal where the daemon wants a password. With `events` it serves a `DeviceRemovalWatch`, and gets
    /// a keep-alive: if the daemon doesn't answer for 30 s, all calls fail with `connectionLost`. Without, calls in flight
    /// together are faster on a local socket. See also `virConnectOpenAuth`.
    package static func open(
        _ uri: String?, readOnly: Bool, events: Bool = false
    ) throws(LibvirtError) -> Connection {
        if events { try EventLoop.start() }
        let flags = readOnly ? VIR_CONNECT_RO.rawValue : 0
        let pointer = virConnectOpenAuth(uri, vfpool_auth_default(), flags)
        let connection = Connection(try Handle(pointer, freedBy: virConnectClose), hasEvents: events)
        // Fails where there is no daemon, so nothing to lose.
        if events { _ = virConnectSetKeepAlive(connection.pointer, 5, 6) }
        return connection
    }

    /// The libvirt in this process; `nil` if there is none. See also `virGetVersion`.
    package static var clientVersion: LibvirtVersion? {
        var version: UInt = 0
        return virGetVersion(&version, nil, nil) < 0 ? nil : LibvirtVersion(version)
    }

    /// Where this leads, with what libvirt chose filled in: `qemu:///system`. See also `virConnectGetURI`.
    package func uri() throws(LibvirtError) -> String { try text(virConnectGetURI) }

    /// The name of the host the guests run on. See also `virConnectGetHostname`.
    package func hostName() throws(LibvirtError) -> String { try text(virConnectGetHostname) }

    /// The hypervisor's driver: `QEMU`, `TEST`. See also `virConnectGetType`.
    package func driverType() throws(LibvirtError) -> String { try Answer.borrowedText(virConnectGetType(pointer)) }

    /// The libvirt at the other end. See also `virConnectGetLibVersion`.
    package func daemonVersion() throws(LibvirtError) -> LibvirtVersion {
        LibvirtVersion(try value(virConnectGetLibVersion))
    }

    /// The hypervisor at the other end: QEMU's version of the `QEMU` driver. See also `virConnectGetVersion`.
    package func hypervisorVersion() throws(LibvirtError) -> LibvirtVersion {
        LibvirtVersion(try value(virConnectGetVersion))
    }

    /// The document of what the host is and can do. See also `virConnectGetCapabilities`.
    package func capabilities() throws(LibvirtError) -> String { try text(virConnectGetCapabilities) }

    /// Whether the connection still stands, as far as this side knows. See also `virConnectIsAlive`.
    package func isAlive() throws(LibvirtError) -> Bool { try flag(virConnectIsAlive) }

    /// Domains, running or not, that have all of `flags`. See also `virConnectListAllDomains`.
    package func domains(_ flags: DomainListFlags = []) throws(LibvirtError) -> [Domain] {
        try list({ virConnectListAllDomains($0, $1, flags.rawValue) }, freedBy: virDomainFree, Domain.init)
    }

    /// Throws `.noDomain` if there is none. See also `virDomainLookupByName`.
    package func domain(named name: String) throws(LibvirtError) -> Domain {
        try object({ virDomainLookupByName($0, name) }, freedBy: virDomainFree, Domain.init)
    }

    /// Throws `.noDomain` if there is none. See also `virDomainLookupByUUIDString`.
    package func domain(uuid: String) throws(LibvirtError) -> Domain {
        try object({ virDomainLookupByUUIDString($0, uuid) }, freedBy: virDomainFree, Domain.init)
    }

    /// Makes or replaces the configuration of a domain's next start. See also `virDomainDefineXMLFlags`.
    package func defineDomain(_ xml: String, flags: DomainDefineFlags = []) throws(LibvirtError) -> Domain {
        try object({ virDomainDefineXMLFlags($0, xml, flags.rawValue) }, freedBy: virDomainFree, Domain.init)
    }

    /// All networks, running or not. See also `virConnectListAllNetworks`.
    package func networks() throws(LibvirtError) -> [Network] {
        try list({ virConnectListAllNetworks($0, $1, 0) }, freedBy: virNetworkFree, Network.init)
    }

    /// Throws `.noNetwork` if there is none. See also `virNetworkLookupByName`.
    package func network(named name: String) throws(LibvirtError) -> Network {
        try object({ virNetworkLookupByName($0, name) }, freedBy: virNetworkFree, Network.init)
    }

    /// Makes or replaces the configuration of a network's next start. See also `virNetworkDefineXML` and, since 7.7.0,
    /// `virNetworkDefineXMLFlags`, called only if there are flags.
    package func defineNetwork(_ xml: String, flags: NetworkDefineFlags = []) throws(LibvirtError) -> Network {
        try object(
            { flags.isEmpty ? virNetworkDefineXML($0, xml) : virNetworkDefineXMLFlags($0, xml, flags.rawValue) },
            freedBy: virNetworkFree, Network.init)
    }

    /// The host's devices of these kinds. See also `virConnectListAllNodeDevices`.
    package func nodeDevices(_ flags: NodeDeviceListFlags = []) throws(LibvirtError) -> [NodeDevice] {
        try list({ virConnectListAllNodeDevices($0, $1, flags.rawValue) }, freedBy: virNodeDeviceFree, NodeDevice.init)
    }

    /// Whether the host has a netdev of that name, bridges included, which node devices leave out. See also
    /// `virInterfaceLookupByName`.
    package func hasInterface(named name: String) throws(LibvirtError) -> Bool {
        do throws(LibvirtError) {
            return try object({ virInterfaceLookupByName($0, name) }, freedBy: virInterfaceFree) { _ in true }
        } catch  where error.code == .noInterface {
            return false
        }
    }

    /// Throws `.noNodeDevice` if there is none. See also `virNodeDeviceLookupByName`.
    package func nodeDevice(named name: String) throws(LibvirtError) -> NodeDevice {
        try object({ virNodeDeviceLookupByName($0, name) }, freedBy: virNodeDeviceFree, NodeDevice.init)
    }
}
