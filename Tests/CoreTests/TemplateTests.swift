import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text
import XML

/// `--template FILE`, and values that try to be markup.
@Suite struct TemplateTests {
    private func create(_ template: String) throws -> Plan {
        try PretendHost([PretendPF("eth3", vfs: 4)]).create("eth3", template: template)
    }

    private static func template(
        name: String = "<name>NAME</name>", uuid: String = "<uuid>00000000-0000-0000-0000-000000000001</uuid>",
        mark: String = """
        <vfpool:pool xmlns:vfpool="urn:vfpool:1"><vfpool:pf dev="PF" address="0000:00:00.0" mac="00:00:00:00:00:00"/>\
        <vfpool:functions include="0" exclude="0"/></vfpool:pool>
        """,
        forward: String = "<forward mode='hostdev' managed='yes'><driver name='vfio'/><pf dev='PF'/></forward>",
        more: String = ""
    ) -> String {
        "<network>\(name)\(uuid)<metadata>\(mark)</metadata>\(forward)\(more)</network>"
    }

    @Test func keepsAdditions() throws {
        let plan = try create(
            Self.template(
                more: """
                    <!-- ours --><vlan><tag id='7'/></vlan>
                    <portgroup name='red' default='yes'><vlan><tag id='8'/></vlan></portgroup>
                    """))
        let document = try Document(parsing: plan.steps[0].documentChange?.after ?? "")
        #expect(try document.selectOne("/network/vlan/tag")[attribute: "id"] == "7")
        #expect(try document.selectOne("/network/portgroup[@name='red']")[attribute: "default"] == "yes")
        #expect(document.serialized().contains("<!-- ours -->"))
        #expect(try document.selectOne("/network/forward/pf")[attribute: "dev"] == "eth3")
    }

    @Test func refusesHoles() throws {
        let templates = [
            "", "no xml", "<network>", "<!DOCTYPE x [<!ENTITY a 'b'>]><network/>", "<network/>",
            Self.template(name: ""), Self.template(uuid: ""), Self.template(mark: ""),
            Self.template(mark: "<pool xmlns='urn:other:1'/>"),
            Self.template(name: "<name>A</name><name>B</name>"),
            Self.template(forward: "<forward mode='hostdev' managed='yes'/>"),
            Self.template(forward: "<forward mode='nat'><pf dev='PF'/></forward>"),
            Self.template(forward: "<forward mode='hostdev'><pf dev='PF'/><pf dev='PF'/></forward>"),
            // libvirt would drop the PF, and hand out that one function.
            Self.template(
                forward: """
                    <forward mode='hostdev' managed='yes'><pf dev='PF'/>\
                    <address type='pci' domain='0' bus='3' slot='0x10' function='0'/></forward>
                    """),
        ]
        for template in templates { refused(.invalidTemplate) { try create(template) } }
    }

    @Test func refusesSettings() throws {
        refused(.vlanTrunk) { try create(Self.template(more: "<vlan trunk='yes'><tag id='1'/><tag id='2'/></vlan>")) }
        refused(.vlanTrunk) {
            try create(
                Self.template(
                    more: "<portgroup name='a'><vlan><tag id='1' nativeMode='tagged'/></vlan></portgroup>"))
        }
        refused(.severalDefaults) {
            try create(Self.template(more: "<portgroup name='a' default='yes'/><portgroup name='b' default='yes'/>"))
        }
        refused(.invalidDocument) { try create(Self.template(more: "<evil/>")) }
    }

    @Test func escapesValues() throws {
        let evil = "eth3\"><evil/>&<!--'"
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        host.pfs[0].netdev = Name(evil)
        let state = try host.state()
        // libvirt's grammar has no room for what a device is called: then the VFs are listed.
        let created = try CreatePlanner.plan(
            state, CreateRequest(pfs: [host.pfs[0]], name: "pool", uuid: PretendHost.poolUUID))
        let defined = try Document(parsing: created.steps[0].documentChange?.after ?? "")
        #expect(try defined.select("//evil").isEmpty && defined.select("/network/forward/address").count == 4)
        host.pfs[0].netdev = "eth3"
        let name = "a\"><evil b='&amp;'"
        refused(.invalidDocument) {
            try host.create("eth3", portgroups: [Portgroup(name: "<r>&\"'", vlan: 3, isDefault: true)])
        }
        let plan = try host.create("eth3", name: Name(name))
        let document = try Document(parsing: plan.steps[0].documentChange?.after ?? "")
        #expect(try document.selectOne("/network/name").text == name)
        #expect(try document.select("//evil").isEmpty && document.select("//r").isEmpty)
    }
}
