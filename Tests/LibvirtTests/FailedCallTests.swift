import CLibvirt
import FoundationEssentials
import Testing
import Text

@testable import Libvirt

/// A call that fails is an error, of whatever kind its result is: -1 is no "no", NULL no "nothing".
@Suite struct FailedCallTests {
    /// What calls are made on. libvirt's test driver has no ports: this one is a pointer that is never followed.
    struct World {
        let connection: Connection
        let domain: Domain
        let network: Network
        let device: NodeDevice
        let port: NetworkPort

        init(_ host: PretendHost) throws {
            connection = try host.connection(events: true)
            domain = try connection.domain(named: "web")
            network = try connection.network(named: "lan")
            device = try connection.nodeDevice(named: "pci_0000_03_00_0")
            port = NetworkPort(try Self.handle(), connection.line, uuid: "")
        }

        static func handle() throws(LibvirtError) -> Handle { try Handle(OpaquePointer(bitPattern: 1)) { _ in 0 } }
    }

    typealias Call = @Sendable (World) throws -> Void

    static let calls: [String: Call] = [
        "virInitialize": { _ in try EventLoop.register() },
        "virEventRegisterDefaultImpl": { _ in try EventLoop.register() },
        "virConnectOpenAuth": { _ in _ = try Connection.open("test:///default", readOnly: true) },
        "virConnectIsAlive": { _ = try $0.connection.isAlive() },
        "virConnectGetVersion": { _ = try $0.connection.hypervisorVersion() },
        "virConnectGetLibVersion": { _ = try $0.connection.daemonVersion() },
        "virConnectGetURI": { _ = try $0.connection.uri() },
        "virConnectGetHostname": { _ = try $0.connection.hostName() },
        "virConnectGetCapabilities": { _ = try $0.connection.capabilities() },
        "virConnectGetType": { _ = try $0.connection.driverType() },
        "virConnectListAllDomains": { _ = try $0.connection.domains() },
        "virConnectListAllNetworks": { _ = try $0.connection.networks() },
        "virConnectListAllNodeDevices": { _ = try $0.connection.nodeDevices() },
        "virConnectDomainEventRegisterAny": { _ = try DeviceRemovalWatch($0.domain, on: $0.connection) },
        "virConnectNetworkEventRegisterAny": { _ = try HostEvents($0.connection) },
        "virDomainLookupByName": { _ = try $0.connection.domain(named: "web") },
        "virDomainLookupByUUIDString": { _ = try $0.connection.domain(uuid: $0.domain.uuid) },
        "virDomainDefineXMLFlags": { _ = try $0.connection.defineDomain(PretendHost.domain(named: "new")) },
        "virDomainGetName": { _ = try $0.connection.domain(named: "web") },
        "virDomainGetUUIDString": { _ = try $0.connection.domain(named: "web") },
        "virDomainGetID": { _ = try $0.domain.id() },
        "virDomainIsActive": { _ = try $0.domain.isActive() },
        "virDomainGetState": { _ = try $0.domain.isPausedForMigration() },
        "virDomainIsPersistent": { _ = try $0.domain.isPersistent() },
        "virDomainGetAutostart": { _ = try $0.domain.autostart() },
        "virDomainHasManagedSaveImage": { _ = try $0.domain.hasManagedSave() },
        "virDomainSnapshotNum": { _ = try $0.domain.snapshotCount() },
        "virDomainInterfaceAddresses": { _ = try $0.domain.agentInterfaces() },
        "virDomainGetXMLDesc": { _ = try $0.domain.xml() },
        "virDomainAttachDeviceFlags": { try $0.domain.attachDevice("<interface/>", flags: .live) },
        "virDomainDetachDeviceFlags": { try $0.domain.detachDevice("<interface/>", flags: .live) },
        "virDomainUpdateDeviceFlags": { try $0.domain.updateDevice("<interface/>", flags: .live) },
        "virDomainCreate": { try $0.domain.start() },
        "virDomainShutdown": { try $0.domain.shutdown() },
        "virDomainDestroy": { try $0.domain.destroy() },
        "virDomainUndefineFlags": { try $0.domain.undefine() },
        "virNetworkLookupByName": { _ = try $0.connection.network(named: "lan") },
        "virNetworkDefineXML": { _ = try $0.connection.defineNetwork(PretendHost.network(named: "new")) },
        "virNetworkDefineXMLFlags": {
            _ = try $0.connection.defineNetwork(PretendHost.network(named: "new"), flags: .validate)
        },
        "virNetworkGetName": { _ = try $0.connection.networks() },
        "virNetworkGetUUIDString": { _ = try $0.connection.networks() },
        "virNetworkIsActive": { _ = try $0.network.isActive() },
        "virNetworkIsPersistent": { _ = try $0.network.isPersistent() },
        "virNetworkGetAutostart": { _ = try $0.network.autostart() },
        "virNetworkSetAutostart": { try $0.network.setAutostart(true) },
        "virNetworkGetXMLDesc": { _ = try $0.network.xml() },
        "virNetworkCreate": { try $0.network.start() },
        "virNetworkDestroy": { try $0.network.stop() },
        "virNetworkUndefine": { try $0.network.undefine() },
        "virNetworkListAllPorts": { _ = try $0.network.ports() },
        "virNetworkPortLookupByUUIDString": { _ = try $0.network.port(uuid: $0.network.uuid) },
        "virNetworkPortCreateXML": { _ = try $0.network.createPort("<networkport/>") },
        "virNetworkPortGetUUIDString": { _ = try NetworkPort(World.handle(), $0.connection.line) },
        "virNetworkPortGetXMLDesc": { _ = try $0.port.xml() },
        "virNetworkPortDelete": { try $0.port.delete() },
        "virInterfaceLookupByName": { _ = try $0.connection.hasInterface(named: "eth1") },
        "virNodeDeviceLookupByName": { _ = try $0.connection.nodeDevice(named: "computer") },
        "virNodeDeviceGetName": { _ = try $0.connection.nodeDevices() },
        "virNodeDeviceGetXMLDesc": { _ = try $0.device.xml() },
    ]

    /// Those whose failure changes nothing that is told or done.
    static let harmless: Set<String> = [
        // Giving back.
        "virConnectClose", "virDomainFree", "virDomainInterfaceFree", "virInterfaceFree", "virNetworkFree",
        "virNetworkPortFree", "virNodeDeviceFree", "virConnectDomainEventDeregisterAny",
        "virConnectNetworkEventDeregisterAny",
        // Where there is no daemon, there is nothing to keep alive.
        "virConnectSetKeepAlive",
        // Nil is the answer: there is no libvirt.
        "virGetVersion",
        // Begun anew.
        "virEventRunDefaultImpl",
        // The error itself, and a function that there is none of.
        "virGetLastError", "vfpool_no_such_function",
    ]

    @Test(arguments: calls.keys.sorted()) func `a lost answer is an error`(_ function: String) throws {
        let host = try PretendHost()
        let world = try World(host)
        let call = try #require(Self.calls[function])
        // It stands until the test leaves this thread.
        let error: LibvirtError? = function.withCString { name in
            // On this thread, not on one that waits for it.
            Worker.isWatched = true
            vfpool_lose(name, .max)
            defer {
                vfpool_lose(nil, 0)
                Worker.isWatched = false
            }
            do {
                try call(world)
                return nil
            } catch {
                return error as? LibvirtError
            }
        }
        #expect(error?.code == .rpc, "\(function) failed, and it passed for an answer")
        #expect(error?.message.contains(function) == true)
        #expect(error?.connectionLost == true)
    }

    /// A function that is added, and has no test above, is found missing.
    @Test func `every function is among them`() throws {
        let source =
            #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Sources/CLibvirt/load.c"
        let text = try String(contentsOfFile: source, encoding: .utf8)
        let names = text.matches(of: /(?m)^(?:NUMBER\(|OBJECT\([^,]+, |FORWARD\([^,]+, [^,]+, )(\w+),/).map {
            String($0.1)
        }
        #expect(names.count > 60)
        #expect(Set(names).subtracting(Self.harmless).subtracting(Self.calls.keys) == [])
        #expect(Set(Self.calls.keys).subtracting(names) == [])
    }
}
