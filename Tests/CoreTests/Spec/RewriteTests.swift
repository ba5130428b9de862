import Model
import Planning
import SRIOV
import Spec
import TestSupport
import Testing
import Text
import XML

/// Guests' documents on a pool, without a host.
@Suite struct RewriteTests {
    private static func rewritten(
        _ text: String, pool: Name = "tenants", _ change: (inout RewriteRequest) -> Void = { _ in }
    ) throws -> GuestRewrite.Result {
        var request = RewriteRequest(pool: pool)
        change(&request)
        return try GuestRewrite.plan(text, request)
    }

    /// As libvirt has it, when `bind` did it.
    private static func bound(_ nic: PretendNIC) throws -> (before: String, after: String) {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("vm", [nic])
        let before = try #require(host.guest("vm").persistent)
        try host.apply(host.create("eth3", name: "tenants"))
        let plan = try host.bind("vm", pool: "tenants", interfaces: ["0"])
        let after = plan.steps.compactMap(\.documentChange).first { $0.name == "vm" }?.after
        return (before, try #require(after))
    }

    @Test func `it is what bind makes of it`() throws {
        let (before, after) = try Self.bound(.pin("eth3", 1))
        let result = try Self.rewritten(before)
        #expect(result.document == after)
        #expect(result.plan.warnings == [])
        // And done, it is done.
        let again = try Self.rewritten(result.document)
        #expect(again.document == result.document && again.plan.isEmpty)
    }

    @Test func `a bridged one is left alone, unless it is named`() throws {
        let (before, after) = try Self.bound(.bridge("br0"))
        #expect(try Self.rewritten(before).document == before)
        #expect(try Self.rewritten(before) { $0.interfaces = ["0"] }.document == after)
    }

    /// Without the host's pools at hand, a portgroup is taken at its word.
    @Test func `a portgroup of a pool that is not known`() throws {
        let (before, _) = try Self.bound(.pin("eth3", 1))
        let document = try Self.rewritten(before) { $0.portgroup = "dmz" }.document
        #expect(document.contains("network=\"tenants\" portgroup=\"dmz\""))
    }

    /// virt-install knows no UUID yet, Terraform no name.
    @Test func `a document without a name or UUID is one, too`() throws {
        let text =
            "<domain><devices><interface type='hostdev' managed='yes'><mac address='52:54:00:00:00:01'/><source><address type='pci' domain='0' bus='3' slot='0x10' function='0'/></source></interface></devices></domain>"
        let document = try Self.rewritten(text) { $0.vlan = 7 }.document
        #expect(document.contains("<source network=\"tenants\"/>") && document.contains("<tag id=\"7\"/>"))
    }

    @Test func `a plain hostdev is a VF where that is known, with the MAC that is given`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("vm", [.hostdev("eth3", 0)])
        let before = try #require(host.guest("vm").persistent)
        #expect(try Self.rewritten(before).document == before)
        let address = try host.address("eth3", 0).description
        let failure = #expect(throws: Failure.self) { try Self.rewritten(before) { $0.interfaces = [address] } }
        #expect(failure?.code == .noMAC)
        let after = try Self.rewritten(before) { request in
            request.interfaces = [address]
            request.mac = MACAddress("52:54:00:00:00:77")
        }.document
        #expect(after.contains("52:54:00:00:00:77") && !after.contains("<hostdev"))
        let status =
            "{\"version\": 1, \"pools\": [{\"name\": \"tenants\", \"configuration\": {\"vlan\": 7, \"portgroups\": [{\"name\": \"dmz\", \"vlan\": 8, \"default\": false}]}}], \"ports\": [{\"status\": {\"functions\": [{\"address\": \"\(address)\"}]}}]}"
        let known = try KnownHost(SpecText(Array(status.utf8), name: "status.json"))
        let same = try Self.rewritten(before) { request in
            request.host = known
            request.mac = MACAddress("52:54:00:00:00:77")
            request.portgroup = "dmz"
        }.document
        #expect(same.contains("network=\"tenants\" portgroup=\"dmz\""))
        for (pool, group, code) in [("nix", nil, .noSuchPool), ("tenants", "nix", .noSuchPortgroup)]
            as [(Name, Name?, Failure.Code)]
        {
            let failure = #expect(throws: Failure.self) {
                try Self.rewritten(before, pool: pool) { request in
                    (request.host, request.portgroup, request.interfaces) = (known, group, [address])
                    request.mac = MACAddress("52:54:00:00:00:77")
                }
            }
            #expect(failure?.code == code)
        }
        #expect(throws: Failure.self) { try KnownHost(SpecText(Array("{}".utf8), name: "status.json")) }
    }

    @Test(.enabled(if: Corpus.isThere, "the corpus is not there: run Tests/Corpus/fetch"))
    func `libvirt's own guests stay valid`() throws {
        let schema = try Schema(file: "/usr/share/libvirt/schemas/domain.rng")
        var count = 0
        for sample in CorpusGuest.all() {
            guard try !sample.document.select("/domain/devices/interface[@type='hostdev']").isEmpty else { continue }
            do {
                let result = try Self.rewritten(sample.text) { $0.drop = ["virtualport", "driver"] }
                guard !result.plan.isEmpty else { continue }
                let document = try Document(parsing: result.document)
                let left = try document.select("/domain/devices/interface[@type='hostdev'][source/address]")
                #expect(left.isEmpty, "\(sample.path)")
                if schema.problems(in: sample.document).isEmpty {
                    #expect(schema.problems(in: document) == [], "\(sample.path)")
                }
                count += 1
            } catch let failure as Failure {
                // Documents that are there because they are wrong.
                #expect(
                    [.cannotCarry, .invalidDocument, .noMAC, .badMAC, .duplicateMAC].contains(failure.code),
                    "\(sample.path): \(failure)")
            }
        }
        #expect(count > 8, "\(count) guests")
    }
}
