import Libvirt
import Testing
import Text

@Suite struct DomainTests {
    let host: PretendHost
    let connection: Connection
    let web: Domain

    init() throws {
        host = try PretendHost()
        connection = try host.connection()
        web = try connection.domain(named: "web")
    }

    @Test func isFoundByNameAndUUID() throws {
        #expect(web.uuid == "11111111-2222-3333-4444-aabbccddeeff")
        #expect(try connection.domain(uuid: "11111111-2222-3333-4444-AABBCCDDEEFF").name == "web")
    }

    @Test func startsAndStops() throws {
        // Guests of the document are running ones.
        #expect(try web.isActive())
        #expect(try web.id() != nil)
        try web.destroy()
        #expect(try !web.isActive())
        #expect(try web.id() == nil)
        try web.start()
        #expect(try web.isActive())
        #expect(throws: LibvirtError.self) { try web.start() }
        try web.shutdown()
        #expect(try !web.isActive())
    }

    @Test func tellsItsState() throws {
        #expect(try web.isPersistent())
        #expect(try !web.autostart())
        #expect(try !web.hasManagedSave())
        #expect(try web.snapshotCount() == 0)
    }

    @Test func showsSecretsOnlyWhenAsked() throws {
        #expect(try web.xml([.inactive, .secure]).contains("passwd='secret'"))
        #expect(try !web.xml([.inactive]).contains("passwd"))
    }

    @Test func definesAndUndefines() throws {
        let document = PretendHost.domain(named: "new", extra: "<vfpool-test/>")
        let new = try connection.defineDomain(document)
        #expect(try connection.domains().count == 3)
        try new.undefine()
        #expect(try connection.domains().count == 2)
        let error = #expect(throws: LibvirtError.self) { try connection.domain(named: "new") }
        #expect(error?.code == .noDomain)
    }

    @Test func validatesWhenAsked() throws {
        let document = PretendHost.domain(named: "new", extra: "<vfpool-test/>")
        let error = #expect(throws: LibvirtError.self) { try connection.defineDomain(document, flags: .validate) }
        #expect(error?.code == .xmlInvalidSchema)
        #expect(try connection.defineDomain(PretendHost.domain(named: "new"), flags: .validate).name == "new")
    }

    /// By which code depends on libvirt's release.
    @Test func aDriverWithoutHotplugIsUnsupported() throws {
        let interface = "<interface type='network'><source network='lan'/></interface>"
        for change in [Domain.attachDevice, Domain.detachDevice, Domain.updateDevice] {
            let error = #expect(throws: LibvirtError.self) { try change(web)(interface, [.live, .config]) }
            #expect(error?.isUnsupported == true)
        }
    }
}
