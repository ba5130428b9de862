import Fleet
import Model
import Testing
import Text

@testable import Reporting

/// Pools of one name on several hosts, as their documents say them.
@Suite struct FleetPoolChecksTests {
    private func member(_ name: Name, _ configuration: String, driver: String = "igb") throws -> FleetMember {
        let text = """
            {"version": 1, "guests": [], "pools": [{"name": "tenants", "configuration": {"uuid": "\(name)", \(configuration)},
             "status": {"active": true, "functions": []}}],
             "ports": [{"address": "0000:03:00.0", "configuration": {"pools": ["tenants"]}, "status": {"driver": "\(driver)"}}]}
            """
        return FleetMember(name, try JSONReader.read(Array(text.utf8), fields: FleetMember.fields))
    }

    private func found(_ members: [FleetMember]) -> [FleetFinding] {
        FleetChecks.all(members, missing: []).filter { $0.check.severity != .pass }
    }

    private static let usual =
        #""vlan": 7, "settings": {"trust": null}, "portgroups": [{"name": "dmz", "vlan": 42, "default": false, "settings": {}}]"#

    @Test(arguments: [
        (
            #""vlan": 8, "portgroups": [{"name": "dmz", "vlan": 42, "default": false}]"#,
            "VLAN: 7 on kvm[1-2]; 8 on kvm3"
        ),
        (#""vlan": 7"#, "portgroup dmz: VLAN 42 on kvm[1-2]; none on kvm3"),
        (
            #""vlan": 7, "portgroups": [{"name": "dmz", "vlan": 42, "default": true}]"#,
            "portgroup dmz: VLAN 42 on kvm[1-2]; VLAN 42, default on kvm3"
        ),
        (
            #""vlan": 7, "settings": {"trust": true, "maxRate": 1000}, "portgroups": [{"name": "dmz", "vlan": 42, "default": false}]"#,
            "VF settings: none on kvm[1-2]; maxRate 1000, trust on on kvm3"
        ),
        (
            #""vlan": 7, "iommufd": true, "portgroups": [{"name": "dmz", "vlan": 42, "default": false}]"#,
            "IOMMUFD: none on kvm[1-2]; on on kvm3"
        ),
    ]) func whatDiffersIsNamed(third: String, wanted: String) throws {
        let found = found([try member("kvm1", Self.usual), try member("kvm2", Self.usual), try member("kvm3", third)])
        #expect(found.map(\.check.message) == ["pool tenants: " + wanted])
        #expect(
            found.map(\.check.severity) == [.warn] && found[0].hosts == ["kvm3"] && found[0].check.pools == ["tenants"])
    }

    @Test func cardsOfAnotherKind() throws {
        let found = found([try member("kvm1", Self.usual), try member("kvm2", Self.usual, driver: "mlx5_core")])
        #expect(found.map(\.check.code) == [.fleetCards] && found[0].check.severity == .note)
    }

    /// A document without what is looked for is no reason to fall.
    @Test(arguments: [
        "{}", "[]", "null", #"{"pools": [1, {}], "guests": {}, "ports": [[]]}"#, #"{"pools": [{"name": "a"}]}"#,
    ])
    func whatIsNotThere(text: String) throws {
        let member = FleetMember("kvm1", try JSONReader.read(Array(text.utf8)))
        #expect(FleetChecks.all([member, member], missing: []).allSatisfy { $0.check.severity == .pass })
    }
}
