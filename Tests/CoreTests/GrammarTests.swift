import FoundationEssentials
import Libvirt
import SRIOV
import TestSupport
import Testing
import Text

@testable import Applying
@testable import Model
@testable import Planning
@testable import Reading

/// Documents are held to the grammar of the daemon that is to keep them.
@Suite struct GrammarTests {
    private static func version(_ major: UInt, _ minor: UInt = 0) -> LibvirtVersion {
        LibvirtVersion(major: major, minor: minor, release: 0)
    }

    @Test func `whose grammar`() {
        #expect(Grammar(isLocal: true, daemon: Self.version(11), library: Self.version(9)) == .here)
        #expect(Grammar(isLocal: false, daemon: Self.version(9), library: Self.version(9)) == .here)
        #expect(Grammar(isLocal: false, daemon: Self.version(11), library: Self.version(9)) == .daemon)
        #expect(Grammar(isLocal: false, daemon: Self.version(8), library: Self.version(9)) == .daemon)
        #expect(Grammar(isLocal: false, daemon: nil, library: Self.version(9)) == .here)
    }

    /// From a machine whose library is older or newer: the daemon takes what it can, and the table says what it can't.
    @Test func `a daemon elsewhere is not held to this machine's files`() throws {
        func create(_ version: LibvirtVersion, isLocal: Bool) throws -> Plan {
            var state = try PretendHost([PretendPF("eth3", vfs: 4)]).state()
            (state.libvirtVersion, state.isLocal) = (version, isLocal)
            var request = CreateRequest(pfs: [try #require(state.pfs.first)], uuid: PretendHost.poolUUID)
            request.driverModel = "mlx5_vfio_pci"
            return try CreatePlanner.plan(state, request)
        }
        // A version that no library here has.
        let other = Self.version(99)
        let define = try create(other, isLocal: false).steps.first?.documentChange?.after
        #expect(define?.contains("model=\"mlx5_vfio_pci\"") == true)
        refused(.unsupported, hint: "leave the driver to libvirt") { try create(Self.version(9, 9), isLocal: false) }
        // With one that knows models here, it is valid here, too.
        let knows = Connection.clientVersion.map(VersionGate.driverModel.has) ?? false
        if !knows { refused(.invalidDocument) { try create(other, isLocal: true) } }
    }

    @Test func `a daemon that can't judge networks leaves them to this machine's files`() throws {
        var state = try PretendHost([PretendPF("eth3", vfs: 4)]).state()
        state.isLocal = false
        state.libvirtVersion = Self.version(7, 6)
        #expect(state.grammar == .daemon && state.networkGrammar == .here)
        state.libvirtVersion = Self.version(7, 7)
        // As every library that this was built with is newer.
        #expect(state.grammar == .daemon && state.networkGrammar == .daemon)
    }

    /// On libvirt's own library, whose test driver has its grammar.
    @Test func `the daemon judges a guest, if it was valid before`() throws {
        let folder = try TemporaryFolder()
        func guest(_ name: Name, _ number: Int, _ inside: String, mac: String = "52:54:00:00:00:01") -> String {
            """
            <domain type='test'><name>\(name)</name><uuid>\(PretendHost.uuid(number))</uuid><memory>8192</memory>
            <os><type>hvm</type></os><devices><interface type='bridge'><mac address='\(mac)'/><source bridge='br0'/>\(inside)
            </interface></devices></domain>
            """
        }
        // libvirt keeps it, and its grammar has no such name.
        let invalid = "<target dev='a b'/>"
        let text = "<node>\(guest("valid", 1, ""))\(guest("strange", 2, invalid))</node>"
        try Data(text.utf8).write(to: URL(filePath: folder.path + "/host.xml"))
        let host = try Host.open("test://\(folder.path)/host.xml", readOnly: false)
        let judged = LibvirtHypervisor(host, grammar: .daemon)
        func has(_ number: Int, _ text: String) throws -> Bool {
            try judged.guestXML(PretendHost.uuid(number))?.contains(text) ?? false
        }
        let other = "52:54:00:00:00:02"
        let error = #expect(throws: LibvirtError.self) {
            try judged.defineGuest(guest("valid", 1, invalid, mac: other))
        }
        #expect(error?.code == .xmlInvalidSchema)
        #expect(try has(1, "52:54:00:00:00:01") && !has(1, other))
        try judged.defineGuest(guest("valid", 1, "", mac: other))
        #expect(try has(1, other))
        // One that was not valid before stays as valid as it was.
        try judged.defineGuest(guest("strange", 2, invalid, mac: other))
        #expect(try has(2, other) && has(2, "a b"))
        // Held to this machine's files before, it is not held to anything again.
        try LibvirtHypervisor(host, grammar: .here).defineGuest(guest("valid", 1, invalid))
        #expect(try has(1, "52:54:00:00:00:01") && has(1, "a b"))
    }
}
