import CLibvirt
package import Text

/// A connection to one libvirt daemon, or to a driver in this process; closed when it and all it gave are gone.
///
/// Several calls may be in flight on one connection (`inParallel`). A daemon that gives no answer to any of them is waited for
/// as long as there is `Patience`; then the call throws `.noAnswer`, and so does every later one.
package final class Connection: LibvirtObject {
    let line: Line
    let hasEvents: Bool
    var pointer: OpaquePointer { line.pointer }

    private init(_ line: Line, hasEvents: Bool) {
        self.line = line
        self.hasEvents = hasEvents
    }

    /// Connects to `uri`; with `nil` libvirt chooses (`LIBVIRT_DEFAULT_URI`, its configuration, its probing).
    ///
    /// Asks on the terminal where the daemon wants a password; that time does not count. With `events` it serves a
    /// `DeviceRemovalWatch`, and gets a keep-alive: a link that dies is found out while nothing is asked, too. Without, calls in
    /// flight together are faster on a local socket. See also `virConnectOpenAuth`.
    package static func open(
        _ uri: String?, readOnly: Bool, events: Bool = false, patience: Patience = Patience()
    ) throws(LibvirtError) -> Connection {
        if events { try EventLoop.start() }
        let end = patience.whole.map { Monitor.now + $0 }
        let opening = Opening()
        let connect: @Sendable () throws(LibvirtError) -> Line = { () throws(LibvirtError) in
            let line = try Line(opening.open(uri, readOnly: readOnly), patience, end: end)
            // Fails where there is no daemon, so nothing to lose.
            if events, let seconds = patience.seconds {
                _ = virConnectSetKeepAlive(line.pointer, Int32(max(1, min(seconds / 5, 3600))), 6)
            }
            return line
        }
        if Worker.isWatched { return Connection(try connect(), hasEvents: events) }
        let pending = Pending<Result<Line, LibvirtError>>()
        guard Worker.start({ pending.bring(Result(catching: connect)) }) else {
            return Connection(try connect(), hasEvents: events)
        }
        var first = patience
        first.seconds = patience.connecting ?? patience.seconds
        var watch = Watch(first, end: end)
        watch.isAsking = { opening.isAsking }
        guard let line = pending.wait(watch) else {
            opening.abandon()
            throw .noAnswer(patience, connecting: true)
        }
        return Connection(try line.get(), hasEvents: events)
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
    package func driverType() throws(LibvirtError) -> String {
        try line.call { () throws(LibvirtError) in try Answer.borrowedText(virConnectGetType(self.pointer)) }
    }

    /// The libvirt at the other end. See also `virConnectGetLibVersion`.
    package func daemonVersion() throws(LibvirtError) -> LibvirtVersion {
        LibvirtVersion(try value(virConnectGetLibVersion))
    }

    /// The same, and how long the answer took.
    package func timedDaemonVersion() throws(LibvirtError) -> (version: LibvirtVersion, time: Duration) {
        try line.call { () throws(LibvirtError) in
            let begin = ContinuousClock.now
            var version: UInt = 0
            try Answer.done(virConnectGetLibVersion(self.pointer, &version))
            return (LibvirtVersion(version), ContinuousClock.now - begin)
        }
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
    package func domain(named name: Name) throws(LibvirtError) -> Domain {
        try object({ virDomainLookupByName($0, name.string) }, freedBy: virDomainFree, Domain.init)
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
    package func network(named name: Name) throws(LibvirtError) -> Network {
        try object({ virNetworkLookupByName($0, name.string) }, freedBy: virNetworkFree, Network.init)
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
    package func hasInterface(named name: Name) throws(LibvirtError) -> Bool {
        do throws(LibvirtError) {
            return try object({ virInterfaceLookupByName($0, name.string) }, freedBy: virInterfaceFree) { _, _ in true }
        } catch  where error.code == .noInterface {
            return false
        }
    }

    /// Throws `.noNodeDevice` if there is none. See also `virNodeDeviceLookupByName`.
    package func nodeDevice(named name: String) throws(LibvirtError) -> NodeDevice {
        try object({ virNodeDeviceLookupByName($0, name) }, freedBy: virNodeDeviceFree, NodeDevice.init)
    }
}
