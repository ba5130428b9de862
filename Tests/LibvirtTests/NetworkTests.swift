import Libvirt
import Testing
import Text

@Suite struct NetworkTests {
    let host: PretendHost
    let connection: Connection
    let lan: Network

    init() throws {
        host = try PretendHost()
        connection = try host.connection()
        lan = try connection.network(named: "lan")
    }

    @Test func startsAndStops() throws {
        #expect(try lan.isActive())
        try lan.stop()
        #expect(try !lan.isActive())
        try lan.start()
        #expect(try lan.isActive())
        let error = #expect(throws: LibvirtError.self) { try lan.start() }
        #expect(error?.code == .operationInvalid)
    }

    @Test func autostartIsKept() throws {
        #expect(try !lan.autostart())
        try lan.setAutostart(true)
        #expect(try lan.autostart())
        try lan.setAutostart(false)
        #expect(try !lan.autostart())
    }

    @Test func definesAndUndefines() throws {
        let wan = try connection.defineNetwork(PretendHost.network(named: "wan"))
        #expect(try wan.isPersistent())
        #expect(try !wan.isActive())
        #expect(try wan.xml().contains(wan.uuid))
        #expect(wan.uuid.count == 36)
        try wan.undefine()
        let error = #expect(throws: LibvirtError.self) { try connection.network(named: "wan") }
        #expect(error?.code == .noNetwork)
    }

    @Test func validatesWhenAsked() throws {
        let document = PretendHost.network(named: "wan", extra: "<vfpool-test/>")
        let error = #expect(throws: LibvirtError.self) { try connection.defineNetwork(document, flags: .validate) }
        #expect(error?.code == .xmlInvalidSchema)
        #expect(try connection.defineNetwork(document).name == "wan")
    }

    @Test func aDriverWithoutPortsIsUnsupported() throws {
        let port = "<networkport><owner><name>web</name></owner></networkport>"
        let uuid = "11111111-2222-3333-4444-000000000009"
        let calls: [() throws -> Void] = [
            { _ = try lan.ports() }, { _ = try lan.port(uuid: uuid) },
            { _ = try lan.createPort(port, flags: .reclaim) },
        ]
        for call in calls {
            let error = #expect(throws: LibvirtError.self, performing: call)
            #expect(error?.code == .noSupport)
            #expect(error?.isUnsupported == true)
        }
    }

    @Test func aFlagTheDriverLacksIsUnsupported() throws {
        let error = #expect(throws: LibvirtError.self) { try lan.xml(.inactive) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.argument == "flags")
        #expect(error?.isUnsupported == true)
    }
}
