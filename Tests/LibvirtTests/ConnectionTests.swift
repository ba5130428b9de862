import Libvirt
import Testing
import Text

@Suite struct ConnectionTests {
    @Test func tellsWhatItIsConnectedTo() throws {
        let connection = try Connection.open("test:///default", readOnly: true)
        #expect(try connection.uri() == "test:///default")
        #expect(try connection.driverType() == "TEST")
        #expect(try !connection.hostName().isEmpty)
        #expect(try connection.isAlive())
        #expect(try connection.hypervisorVersion() == LibvirtVersion(2))
        #expect(try connection.capabilities().hasPrefix("<capabilities>"))
        // The test driver is in this process.
        #expect(try connection.daemonVersion() == Connection.clientVersion)
        #expect(try connection.daemonVersion() >= LibvirtVersion(major: 5, minor: 5, release: 0))
    }

    @Test func listsEverything() throws {
        let host = try PretendHost()
        let connection = try host.connection(readOnly: true)
        #expect(try Set(connection.domains().map(\.name)) == ["web", "db"])
        #expect(try connection.networks().map(\.name) == ["lan"])
        #expect(
            try Set(connection.nodeDevices().map(\.name))
                == ["computer", "pci_0000_03_00_0", "net_eth3_02_00_00_00_00_01"])
    }

    @Test func listsNothing() throws {
        let connection = try PretendHost("<node/>").connection(readOnly: true)
        #expect(try connection.domains().isEmpty)
        #expect(try connection.networks().isEmpty)
    }

    @Test func listsNodeDevicesByKind() throws {
        let host = try PretendHost()
        let connection = try host.connection(readOnly: true)
        #expect(try connection.nodeDevices(.network).map(\.name) == ["net_eth3_02_00_00_00_00_01"])
        #expect(try connection.nodeDevices(.pciDevice).map(\.name) == ["pci_0000_03_00_0"])
        #expect(try connection.nodeDevices([.network, .pciDevice]).count == 2)
        #expect(try connection.nodeDevice(named: "pci_0000_03_00_0").xml().contains("virt_functions"))
    }

    @Test func objectsOutliveTheirConnection() throws {
        let host = try PretendHost()
        let domain = try host.connection().domain(named: "web")
        #expect(try !domain.xml().isEmpty)
    }

    @Test func readOnlyRefusesToWrite() throws {
        let connection = try PretendHost().connection(readOnly: true)
        let error = #expect(throws: LibvirtError.self) { try connection.defineDomain(PretendHost.domain(named: "new")) }
        #expect(error?.code == .operationDenied)
        #expect(error?.isUnsupported == false)
    }

    @Test func versionsCompare() {
        let version = LibvirtVersion(12_001_000)
        #expect(version == LibvirtVersion(major: 12, minor: 1, release: 0))
        #expect(version.description == "12.1.0")
        #expect(LibvirtVersion(9_007_000) < version)
        #expect(LibvirtVersion(9_000_002) > LibvirtVersion(9_000_001))
        #expect(LibvirtVersion(9_999_999) < LibvirtVersion(10_000_000))
    }
}
