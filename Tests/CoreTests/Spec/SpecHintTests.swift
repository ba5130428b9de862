import Model
import Planning
import SRIOV
import Spec
import TestSupport
import Testing
import Text

/// Hints fit the command that was run: of a spec they speak of its keys, of a document without a host of no command that needs one.
@Suite struct SpecHintTests {
    /// Options of `apply`.
    private static let known = ["--drop", "--live", "--partial", "--prune", "--dry-run"]

    private static let specs = [
        "pools: {vfpool-eth3: {settings: {maxRate: 1, minRate: 2}}}", "pools: {t: {pf: eth4}}",
        "pools: {t: {pf: eth3}}", "pools: {t: {pf: nix}}", "pools: {t: {}}", "pools: {t: {pf: \"0000:03:10.0\"}}",
        "pools: {once: {pf: eth5}}", "guests: {nix: [{mac: 52:54:00:00:00:10, pool: vfpool-eth3}]}",
        "guests: {vm: [{mac: 52:54:00:00:00:10, pool: nix}]}",
        "guests: {vm: [{mac: 52:54:00:00:00:10, pool: vfpool-eth3, portgroup: nix}]}",
        "guests: {vm: [{mac: 52:54:00:00:00:10, pool: vfpool-eth3, failover: vfpool-eth3}]}",
        "guests: {vm: [{mac: 52:54:00:00:00:10, pool: vfpool-eth3, settings: {vlanQoS: 3}}]}",
        "guests: {vm: [{mac: 52:54:00:00:00:11, pool: vfpool-eth3, portgroup: a}]}",
        "guests: {vm: [{mac: 52:54:00:00:00:12, pool: vfpool-eth3}]}",
        "guests: {twice: [{mac: 52:54:00:00:00:20, pool: vfpool-eth3}]}",
        "guests: {twice: [{mac: 52:54:00:00:00:10, pool: vfpool-eth3}]}",
        "guests: {gone: [{mac: 52:54:00:00:00:30, pool: vfpool-eth3}]}",
    ]

    private static func host() throws -> PretendHost {
        var host = try PretendHost([
            PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 0, possible: 8),
            PretendPF("eth5", bus: 5, vfs: 2),
        ])
        try host.apply(host.create("eth3", portgroups: [Portgroup(name: "a", vlan: 7, isDefault: false)]))
        try host.addPoolByHand("once", pf: "eth5")
        host.networks["once"]?.persistent = nil
        try host.addGuest(
            "vm",
            [
                .bridged("52:54:00:00:00:10"),
                .xml(
                    "<interface type='network'><mac address='52:54:00:00:00:11'/><source network='vfpool-eth3'/><vlan><tag id='9'/></vlan></interface>"
                ),
                .xml(
                    "<interface type='bridge'><mac address='52:54:00:00:00:12'/><source bridge='br0'/><filterref filter='clean-traffic'/></interface>"
                ),
            ])
        try host.addGuest("twice", [.bridged("52:54:00:00:00:20"), .bridged("52:54:00:00:00:20")])
        try host.addGuest("gone", [.bridged("52:54:00:00:00:30")], running: true)
        let gone = try host.guest("gone").uuid
        host.guests[gone]?.persistent = nil
        return host
    }

    /// Options that stand in no command of their own.
    private static func options(_ hint: Hint) -> [String] {
        let parts = hint.text.split(byte: "`", keepsEmpty: true)
        return parts.enumerated().flatMap { index, part -> [String] in
            let words = part.split(byte: " ").map(String.init)
            return index % 2 == 1 && words.first?.hasPrefix("-") == false ? [] : words.filter { $0.hasPrefix("--") }
        }
    }

    @Test(arguments: specs) func `those of a spec name no option that apply has not`(_ text: String) throws {
        let found = try Self.host().spec("version: 1\n\(text)")
        let hints = found.blocked.flatMap { $0.failure?.hints ?? [] } + found.plan.warnings.flatMap(\.hints)
        #expect(!found.differences.isEmpty)
        for hint in hints {
            for option in Self.options(hint) { #expect(Self.known.contains(option), "\(hint)") }
        }
    }

    @Test func `a count that the next boot forgets is kept by a line of the spec`() throws {
        var options = SpecOptions.pretend()
        options.boot = BootSetup()
        let spec = try SpecText(Array("version: 1\npfs: {eth4: {vfs: 4}}".utf8), name: "spec").spec()
        let hints = try SpecPlan(Self.host().state(), spec, options).plan.warnings.flatMap(\.hints).map(\.text)
        #expect(hints.contains("create them at every boot: boot: true"), "\(hints)")
        #expect(!hints.contains { $0.contains("--persist") }, "\(hints)")
    }

    @Test func `a transient network or guest is not to be named otherwise`() throws {
        let state = try Self.host().state()
        let network = try state.spec("version: 1\npools: {once: {pf: eth5}}").blocked.first?.failure
        #expect(network?.hints.map(\.text) == ["define it first, from a file: `virsh net-define FILE`"])
        let guest = try state.spec("version: 1\nguests: {gone: [{mac: 52:54:00:00:00:30, pool: vfpool-eth3}]}")
        #expect(guest.blocked.first?.failure?.code == .transientGuest, "\(guest.differences.map(\.words))")
    }

    /// There is no guest to bind, and no host to bind it on.
    @Test func `those of a document name no command`() throws {
        let pin =
            "<domain><name>vm</name><devices><interface type='hostdev' managed='yes'><mac address='52:54:00:00:00:01'/><source><address type='pci' domain='0' bus='3' slot='0x10' function='0'/></source>INSIDE</interface><hostdev mode='subsystem' type='pci'><source><address domain='0' bus='3' slot='0x11' function='0'/></source></hostdev></devices></domain>"
        let cases: [(String, (inout RewriteRequest) -> Void)] = [
            ("", { $0.interfaces = ["9"] }), ("", { $0.interfaces = ["0000:03:11.0"] }),
            ("<filterref filter='x'/>", { $0.drop = [] }), ("<vlan trunk='yes'><tag id='4'/></vlan>", { _ in }),
            ("<driver name='vfio' model='x'/>", { _ in }), ("<alias name='ua-a'/>", { $0.vlan = 5000 }),
        ]
        for (inside, change) in cases {
            var request = RewriteRequest(pool: "tenants")
            change(&request)
            let failure = #expect(throws: Failure.self) {
                try GuestRewrite.plan(pin.replacing("INSIDE", with: inside), request)
            }
            for hint in failure?.hints ?? [] {
                #expect(!hint.text.contains("`vfpool") && !hint.text.contains("`virsh"), "\(hint)")
            }
        }
        var request = RewriteRequest(pool: "tenants")
        request.interfaces = ["0000:03:11.0"]
        let failure = #expect(throws: Failure.self) {
            try GuestRewrite.plan(pin.replacing("INSIDE", with: ""), request)
        }
        #expect(failure?.code == .noMAC)
        #expect(failure?.hints.map(\.text) == ["give its MAC: `--interface 1 --mac MAC`"])
    }
}
