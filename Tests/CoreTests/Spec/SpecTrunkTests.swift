import FoundationEssentials
import Model
import Planning
import Spec
import TestSupport
import Testing
import Text

/// VLAN trunks, which libvirt takes and no VF can have: said as they are found, never made, never lost in silence.
@Suite struct SpecTrunkTests {
    private static func host() throws -> PretendHost {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.addPoolByHand(
            "hand", pf: "eth3",
            inside:
                "<vlan trunk='yes'><tag id='4'/><tag id='5' nativeMode='untagged'/></vlan><portgroup name='a'><vlan><tag id='7'/></vlan></portgroup><portgroup name='b'><vlan trunk='yes'><tag id='8'/></vlan></portgroup>",
            active: false)
        try host.addGuest(
            "vm",
            [
                .xml(
                    "<interface type='network'><mac address='52:54:00:00:00:10'/><source network='hand'/><vlan trunk='yes'><tag id='9'/></vlan></interface>"
                )
            ])
        return host
    }

    @Test func `export says it, and what it says differs in nothing`() throws {
        let state = try Self.host().state()
        let text = try state.exported()
        #expect(text.contains("    vlan: [4, {id: 5, native: untagged}]\n"), "\(text)")
        // The trunk of one is not that of another.
        #expect(text.contains("      a: {vlan: 7}\n") && text.contains("      b: {vlan: [8]}\n"), "\(text)")
        #expect(text.contains("pool: hand, vlan: [9]}"), "\(text)")
        #expect(try state.exportedDifferences() == [])
    }

    @Test func `one that comes or goes by hand is seen`() throws {
        let state = try Self.host().state()
        for (said, found) in [
            ("vlan: 4", "vlan: a trunk of 4, 5 (untagged) → 4"),
            ("vlan: null", "vlan: a trunk of 4, 5 (untagged) → none"),
            ("vlan: [4, 5]", "vlan: a trunk of 4, 5 (untagged) → a trunk of 4, 5"),
            ("portgroups: {b: {vlan: null}}", "portgroups.b.vlan: a trunk of 8 → none"),
            ("portgroups: {a: {vlan: [7]}}", "portgroups.a.vlan: 7 → a trunk of 7"),
        ] {
            let spec = "version: 1\npools: {hand: {managed: false, \(said)}}"
            #expect(try state.spec(spec).differences.flatMap(\.fields).map(\.words) == [found])
        }
        // What is not said stays.
        #expect(try state.spec("version: 1\npools: {hand: {managed: false}}").differences.isEmpty)
        let guest = try state.spec("version: 1\nguests: {vm: [{mac: 52:54:00:00:00:10, pool: hand, vlan: null}]}")
        #expect(guest.differences.flatMap(\.fields).map(\.words) == ["vlan: a trunk of 9 → none"])
    }

    /// As comments, and in JSON, where they mean nothing to who reads it.
    @Test func `what a spec can't say stands in the export`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand(
            "hand", pf: "eth3", inside: "<portgroup name='a'><vlan><tag id='4095'/></vlan></portgroup>", active: false)
        let state = try host.state()
        let spec = try HostExport.spec(state, boot: nil, names: [], isFull: false)
        let note: Name = "portgroup a of pool hand has VLAN 4095, which a spec can't have: it has 1-4094"
        #expect(spec.notes == [note])
        #expect(spec.yaml.hasPrefix("version: 1\n# \(note)\npfs:\n"), "\(spec.yaml)")
        let json = String(decoding: try JSONEncoder().encode(spec.json), as: UTF8.self)
        #expect(json.contains("\"notes\":[\"\(note)\"]"), "\(json)")
        let text = json.replacing("{\"", with: "{\"version\":1,\"", maxReplacements: 1)
        #expect(try state.spec(text, prunes: true).differences.isEmpty, "\(text)")
    }

    @Test func `none is made`() throws {
        let host = try PretendHost.pooled { try $0.addGuest("vm", [.bridged("52:54:00:00:00:10")]) }
        for said in [
            "pools: {vfpool-eth3: {vlan: [4, 5]}}", "pools: {vfpool-eth3: {portgroups: {a: {vlan: [4]}}}}",
            "guests: {vm: [{mac: 52:54:00:00:00:10, pool: vfpool-eth3, vlan: [4]}]}",
        ] {
            #expect(try host.spec("version: 1\n\(said)").differences.map(\.failure?.code) == [.vlanTrunk], "\(said)")
        }
        let bare = try PretendHost([PretendPF("eth3", vfs: 4)])
        let new = try bare.spec("version: 1\npools: {t: {pf: eth3, vlan: [4]}}")
        #expect(new.differences.map(\.failure?.code) == [.vlanTrunk])
    }

    @Test func `one is taken away where the spec says so`() throws {
        var world = try JournalledHost(Self.host())
        try world.host.addGuest("other", [])
        let before = try world.host.guest("vm").persistent
        let spec = "version: 1\nguests: {vm: [{mac: 52:54:00:00:00:10, pool: hand, vlan: null}]}"
        let id = try world.apply(world.host.spec(spec).plan)
        #expect(try world.host.guest("vm").persistent?.contains("vlan") == false)
        #expect(try world.host.spec(spec).differences.isEmpty)
        try world.undo(id)
        #expect(try world.host.guest("vm").persistent == before)
    }

    /// A tag that no VLAN has, two portgroups of one name, and one without.
    @Test func `what can't be said is named`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand(
            "hand", pf: "eth3",
            inside:
                "<vlan><tag id='4095'/></vlan><portgroup name='a'/><portgroup name='a'/><portgroup name='b'><vlan><tag id='0'/></vlan></portgroup>",
            active: false)
        let state = try host.state()
        #expect(try state.exportedDifferences() == [])
        let notes = HostExport.leftOut(state).map(\.text)
        #expect(
            notes == [
                "pool hand has VLAN 4095, which a spec can't have: it has 1-4094",
                "pool hand has a portgroup a twice, so a spec can't have it",
                "portgroup b of pool hand has VLAN 0, which a spec can't have: it has 1-4094",
            ], "\(notes)")
        #expect(HostExport.leftOut(state, names: ["hand"]).map(\.text) == notes)
        let none = try state.spec("version: 1\npools: {hand: {managed: false, vlan: null}}")
        #expect(none.differences.flatMap(\.fields).map(\.words) == ["vlan: 4095 → none"])
    }
}
