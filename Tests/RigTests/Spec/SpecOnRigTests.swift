import Glibc
import TestSupport
import Testing

/// `vfpool export`, `diff` and `apply` on a real libvirtd.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct SpecOnRigTests {
    /// Every kind of pool that a host may have: of a whole PF and of a part, several, by hand and adopted, of two PFs, with
    /// settings, portgroups, trunks, stopped, of a PF without VFs.
    @Test func `what is exported differs in nothing from the host`() throws {
        let trunk =
            "<network><name>trunk</name><forward mode='hostdev'><pf dev='eth7'/></forward><vlan trunk='yes'><tag id='4'/></vlan></network>"
        try Rig.with(
            .pf("eth3", vfs: 8), .pf("eth4", vfs: 4), .pf("eth5", vfs: 4), .pf("eth6", vfs: 4),
            .pf("eth7", vfs: 0, total: 8),
            .pool("eth5", named: "hand", autostart: true), .pool("some", pf: "eth6", vfs: [0, 2], active: false),
            .network(xml: trunk, active: false),
            .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1)), running: true),
            .guest("vm2", .bridge("br0", mac: OnRig.mac(2)), .network("low", mac: OnRig.mac(3), portgroup: "a")),
            .guest("vm3", .network("hand", mac: OnRig.mac(4), inside: "<vlan><tag id='9'/></vlan>"), running: true)
        ) { rig throws in
            for words in [
                [
                    "create", "eth3", "--name", "low", "--vfs", "0-3,5", "--vlan", "7", "--portgroup", "a:vlan=8",
                    "--portgroup", "on:default",
                ],
                [
                    "create", "eth3", "--name", "high", "--exclude", "0-3,5", "--no-autostart", "--no-start", "--trust",
                    "on",
                ],
                ["create", "eth4", "eth5", "--name", "two", "--vfs", "1-2"], ["set", "low:a", "--max-rate", "100"],
                ["create", "eth4", "--name", "rest", "--vfs", "0,3"], ["bind", "vm1", "--pool", "low"],
                [
                    "bind", "vm2", "--pool", "low", "--interface", "0", "--failover", "br0", "--vlan", "6", "--trust",
                    "on",
                ],
            ] {
                let made = try rig.start([Rig.vfpool] + words).wait()
                // Of two that want the same VFs, one is refused.
                #expect(made.status == 0 || words.contains("two"), "\(words): \(made)")
            }
            for options in [[], ["--full"], ["--format", "json"], ["--full", "--format", "json"]] as [[String]] {
                let spec = try rig.start([Rig.vfpool, "export"] + options).wait()
                #expect(spec.status == 0, "\(spec)")
                let diff = try rig.vfpool("diff", "-f", "-", "--prune", input: spec.stdout)
                #expect(diff.status == 0 && !diff.stdout.contains(/(?m)^[-~+!]/), "\(diff)\n\(spec.stdout)")
                let applied = try rig.vfpool("apply", "-f", "-", "--prune", input: spec.stdout)
                #expect(applied.status == 0 && applied.stdout.contains("Nothing to do"), "\(applied)")
            }
            // Each thing by itself, too.
            let all = try rig.vfpool("export", "--quiet").stdout.split(separator: "\n").map(String.init)
            #expect(all.count >= 12, "\(all)")
            for name in all {
                let spec = try rig.vfpool("export", name)
                #expect(try rig.vfpool("diff", "-f", "-", input: spec.stdout).status == 0, "\(spec)")
            }
            try rig.reboot()
            let spec = try rig.vfpool("export")
            #expect(try rig.vfpool("diff", "-f", "-", input: spec.stdout).status == 0, "\(spec)")
        }
    }

    private static let spec = """
        version: 1
        host: rig
        pfs:
          eth3: {vfs: 8, boot: true}
        pools:
          tenants:
            pf: eth3
            vfs: 0-5
            vlan: 7
            settings: {maxRate: 1000}
            portgroups:
              dmz: {vlan: 42, default: true, settings: {trust: on}}
          rest:
            pf: eth3
            vfs: 6-7
            autostart: false
        guests:
          vm1:
            - {mac: "52:54:00:00:00:01", pool: tenants, portgroup: dmz}
          vm2:
            - {mac: "52:54:00:00:00:02", pool: tenants, vlan: 43, failover: br0}
            - {mac: "52:54:00:00:00:12", pool: rest, settings: {spoofCheck: off}}
        """

    @Test func `a bare host becomes what the spec says in one change, and goes back to the byte`() throws {
        try Rig.with(
            .pf("eth3", vfs: 0, total: 63), .guest("vm1", .bridge("br0", mac: OnRig.mac(1))),
            .guest("vm2", .bridge("br0", mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.run("ip", "link", "add", "br0", "type", "bridge").status == 0)
            try rig.write("/etc/vfpool/spec/kvm.yaml", Self.spec)
            try rig.write("/etc/vfpool/spec/other.yaml", "version: 1\nhost: elsewhere\npools: {nix: {pf: eth9}}\n")
            try rig.write("/etc/vfpool/spec/README", "no spec")
            let before = try ["vm1", "vm2"].map { try rig.document(guest: $0) }
            let diff = try rig.vfpool("diff", "-f", "/etc/vfpool/spec")
            #expect(diff.status == 2 && diff.stdout.contains("missing"), "\(diff)")
            #expect(try rig.changes() == 0)
            let applied = try rig.vfpool("apply", "-f", "/etc/vfpool/spec")
            #expect(applied.status == 0, "\(applied)")
            #expect(try rig.vfpool("diff", "-f", "/etc/vfpool/spec").status == 0)
            let again = try rig.vfpool("apply", "-f", "/etc/vfpool/spec/", "--dry-run", "--exit-code")
            #expect(again.status == 0 && again.stdout.contains("Nothing to do"), "\(again)")
            for name in ["vm1", "vm2"] { #expect(try rig.virsh("start", name).status == 0) }
            #expect(try rig.problems(macs: ["vm1": [OnRig.mac(1)]]) == [])
            for name in ["vm1", "vm2"] { #expect(try rig.virsh("destroy", name).status == 0) }
            try rig.reboot(vfs: .none)
            #expect(try rig.vfpool("diff", "-f", "/etc/vfpool/spec").status == 2, "the PF has no VFs")
            try rig.setVFs("eth3", 8)
            #expect(try rig.vfpool("reconcile").status == 0)
            let undone = try rig.vfpool("undo", try rig.lastOf("apply"), "--yes")
            #expect(undone.status == 0, "\(undone)")
            #expect(try ["vm1", "vm2"].map { try rig.document(guest: $0) } == before)
            #expect(try rig.state().networks.isEmpty)
            #expect(try rig.sh("ls /etc/systemd/system /etc/vfpool").stdout.contains("vfpool-vfs") == false)
        }
    }

    @Test func `drift by hand is found and mended; a running guest waits`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            let spec = """
                version: 1
                pools: {tenants: {pf: eth3, vlan: 7, portgroups: {dmz: {vlan: 42}}}}
                guests:
                  vm1: [{mac: "\(OnRig.mac(1))", pool: tenants, portgroup: dmz, vlan: null}]
                  vm2: [{mac: "\(OnRig.mac(2))", pool: tenants}]
                """
            let applied = try rig.vfpool("apply", "-f", "-", input: spec)
            #expect(applied.status == 0, "\(applied)")
            let waits = try rig.vfpool("diff", "-f", "-", "--format", "json", input: spec)
            #expect(waits.status == 0 && waits.stdout.contains("\"verdict\" : \"waits\""), "\(waits)")
            let after = try (rig.document(network: "tenants"), rig.document(guest: "vm2"))
            let edit = "sed \"s/id='42'/id='43'/\" > /tmp/n; virsh -q net-define /tmp/n"
            #expect(try rig.sh("virsh net-dumpxml --inactive tenants | \(edit)").status == 0)
            #expect(
                try rig.sh("virsh dumpxml --inactive vm2 | sed 's/tenants/other/' > /tmp/g; virsh -q define /tmp/g")
                    .status == 0)
            let drift = try rig.vfpool("diff", "-f", "-", input: spec)
            #expect(drift.status == 2, "\(drift)")
            #expect(drift.stdout.contains("~ pool tenants  portgroups.dmz.vlan: 43 → 42\n"), "\(drift)")
            #expect(
                drift.stdout.contains("~ guest vm2     52:54:00:00:00:02: pool: network other → tenants\n"), "\(drift)")
            let mended = try rig.vfpool("apply", "-f", "-", input: spec)
            #expect(mended.status == 0, "\(mended)")
            #expect(try (rig.document(network: "tenants"), rig.document(guest: "vm2")) == after)
            let live = try rig.vfpool("apply", "-f", "-", "--live", "--yes", input: spec)
            #expect(live.status == 0, "\(live)")
            let now = try rig.vfpool("diff", "-f", "-", input: spec)
            #expect(now.status == 0 && now.stdout.contains("No difference"), "\(now)")
            #expect(try rig.problems(macs: OnRig.macs) == [])
        }
    }

    /// The VF is unplugged and plugged again: libvirt tags it, and the hook gives it its settings.
    @Test func `a running guest gets another VLAN and settings now, and a stopped pool runs again`() throws {
        try Rig.with(.pf("eth3", vfs: 4), .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1)))) { rig throws in
            #expect(try rig.vfpool("hook", "install").status == 0)
            try rig.daemon(.restart)
            func spec(_ said: String) -> String {
                """
                version: 1
                pools: {tenants: {pf: eth3, vlan: 7, portgroups: {dmz: {vlan: 42}}}}
                guests: {vm1: [{mac: "\(OnRig.mac(1))", pool: tenants\(said)}]}
                """
            }
            func vlan() throws -> String {
                try rig.sh("virsh dumpxml vm1 | grep -o \"tag id='[0-9]*'\"").stdout
            }
            let applied = try rig.vfpool("apply", "-f", "-", input: spec(""))
            #expect(applied.status == 0, "\(applied)")
            #expect(try rig.virsh("net-destroy", "tenants").status == 0)
            let stopped = try rig.vfpool("diff", "-f", "-", input: spec(""))
            #expect(stopped.status == 2 && stopped.stdout.contains("active: false → true"), "\(stopped)")
            #expect(try rig.vfpool("apply", "-f", "-", input: spec("")).status == 0)
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try rig.vfpool("diff", "-f", "-", input: spec("")).stdout.contains("No difference"))
            #expect(try vlan() == "tag id='7'\n")
            let before = try rig.document(guest: "vm1")
            let dmz = spec(", portgroup: dmz, settings: {maxRate: 100}")
            let live = try rig.vfpool("apply", "-f", "-", "--live", "--yes", input: dmz)
            #expect(live.status == 0, "\(live)")
            #expect(try vlan() == "tag id='42'\n")
            let now = try rig.vfpool("diff", "-f", "-", input: dmz)
            #expect(now.status == 0 && now.stdout.contains("No difference"), "\(now)")
            let again = try rig.vfpool("apply", "-f", "-", "--live", "--yes", input: dmz)
            #expect(again.stdout.contains("Nothing to do"), "\(again)")
            #expect(try rig.problems(macs: ["vm1": [OnRig.mac(1)]]) == [])
            let undone = try rig.vfpool("undo", "--yes")
            #expect(undone.status == 0, "\(undone)")
            #expect(try vlan() == "tag id='7'\n" && rig.document(guest: "vm1") == before)
            let waits = try rig.vfpool("apply", "-f", "-", input: dmz)
            #expect(waits.status == 0, "\(waits)")
            let diff = try rig.vfpool("diff", "-f", "-", input: dmz)
            #expect(diff.status == 0 && diff.stdout.contains("has VLAN 7 until its next start"), "\(diff)")
        }
    }

    /// Both its cards are unplugged, and those that are to be there are plugged.
    @Test func `a pair ends in the running guest, or leads elsewhere, now`() throws {
        try Rig.with(.pf("eth3", vfs: 4), .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1)), running: true)) {
            rig throws in
            #expect(try rig.sh("ip link add br0 type bridge; ip link add br1 type bridge").status == 0)
            func live(_ failover: String) throws -> String {
                let spec = """
                    version: 1
                    pools: {tenants: {pf: eth3}}
                    guests: {vm1: [{mac: "\(OnRig.mac(1))", pool: tenants, failover: \(failover)}]}
                    """
                let applied = try rig.vfpool("apply", "-f", "-", "--live", "--yes", input: spec)
                #expect(applied.status == 0, "\(applied)")
                let diff = try rig.vfpool("diff", "-f", "-", input: spec)
                #expect(diff.stdout.contains("No difference"), "\(diff)")
                #expect(try rig.problems() == [])
                return try cards()
            }
            func cards() throws -> String {
                try rig.sh(
                    "virsh dumpxml vm1 | grep -o \"<source bridge='[^']*'\\|<teaming type='[^']*'\" | cut -d\\' -f2 | sort"
                )
                .stdout.replacing("\n", with: " ")
            }
            let pair = "br0 persistent transient "
            #expect(try live("br0") == pair)
            for (said, wanted) in [("null", ""), ("br1", "br1 persistent transient ")] {
                #expect(try live(said) == wanted)
                let undone = try rig.vfpool("undo", "--yes")
                #expect(undone.status == 0, "\(undone)")
                #expect(try cards() == pair)
            }
        }
    }

    @Test func `what is blocked keeps all back, unless the rest is asked for`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            let spec = """
                version: 1
                pfs: {eth3: {vfs: 4}}
                pools: {tenants: {pf: eth3}}
                guests: {vm9: [{mac: "\(OnRig.mac(9))", pool: tenants}], vm2: [{mac: "\(OnRig.mac(2))", pool: tenants}]}
                """
            let refused = try rig.vfpool("apply", "-f", "-", input: spec)
            #expect(refused.status == 1 && refused.stderr.contains("error[blocked]"), "\(refused)")
            #expect(
                refused.stderr.contains("VF 0: guest vm1") && refused.stderr.contains("no-such-guest"), "\(refused)")
            #expect(try rig.state().networks.isEmpty && rig.changes() == 0)
            let part = try rig.vfpool("apply", "-f", "-", "--partial", input: spec)
            #expect(part.status == 1 && part.stderr.contains("error[blocked]"), "\(part)")
            #expect(refused.stderr.contains("--partial") && !part.stderr.contains("--partial"), "\(part)")
            // What was made is said as such.
            #expect(part.stdout.contains("\npool tenants: added\n"), "\(part)")
            #expect(try rig.state().networks.map(\.name) == ["tenants"])
            #expect(try rig.document(guest: "vm2").contains("network='tenants'"))
            #expect(try rig.vfpool("diff", "-f", "-", input: spec).stdout.contains("2 blocked"))
            let other = try rig.vfpool("diff", "-f", "-", input: "version: 1\nhost: kvm9\n")
            #expect(other.status == 1 && other.stderr.contains("error[other-host]"), "\(other)")
        }
    }

    @Test func `prune asks, and takes away what is vfpool's`() throws {
        try Rig.with(.pf("eth3", vfs: 4), .pf("eth4", vfs: 2), .pool("eth4", named: "hand")) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let spec = "version: 1\npools: {tenants: {pf: eth3}}\n"
            let taken = try rig.vfpool("apply", "-f", "-", input: spec)
            #expect(taken.status == 1 && taken.stderr.contains("[pool-exists]"), "\(taken)")
            #expect(
                try rig.vfpool("diff", "-f", "-", "--prune", input: spec).stdout.hasPrefix(
                    "- pool vfpool-eth3  not in the spec\n"))
            #expect(try rig.vfpool("apply", "-f", "-", "--prune", input: spec).status == 4)
            let pruned = try rig.vfpool("apply", "-f", "-", "--prune", "--yes", input: spec)
            #expect(pruned.status == 0, "\(pruned)")
            #expect(try rig.state().networks.map(\.name).sorted() == ["hand", "tenants"])
        }
    }

    @Test func `killed at any moment, undo puts back what was there`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .guest("vm1", .bridge("br0", mac: OnRig.mac(1))),
            .guest("vm2", .pinned("eth3", 1, mac: OnRig.mac(2)))
        ) { rig throws in
            let spec = """
                version: 1
                pools: {tenants: {pf: eth3, vlan: 7, portgroups: {dmz: {vlan: 42, settings: {trust: on}}}}}
                guests:
                  vm1: [{mac: "\(OnRig.mac(1))", pool: tenants, portgroup: dmz}]
                  vm2: [{mac: "\(OnRig.mac(2))", pool: tenants}]
                """
            try rig.write("/etc/vfpool/spec.yaml", spec)
            let before = try ["vm1", "vm2"].map { try rig.document(guest: $0) }
            let words = ["apply", "-f", "/etc/vfpool/spec.yaml"]
            let answers = try rig.answers(to: words)
            var killed = 0
            for answer in stride(from: answers / 4, through: answers, by: max(answers / 10, 1)) {
                let former = try rig.lastChange()
                let (command, link) = try rig.startChange(words, heldAtAnswer: answer)
                command.signal(SIGKILL)
                let result = try command.wait()
                link.release()
                killed += result.status == 137 ? 1 : 0
                let last = try rig.lastChange()
                if last != former {
                    let undone = try rig.vfpool("-c", link.uri, "undo", last, "--yes")
                    #expect(undone.status == 0 || undone.stderr.contains("error[nothing-to-undo]"), "\(undone)")
                }
                #expect(try ["vm1", "vm2"].map { try rig.document(guest: $0) } == before, "\(answer) of \(answers)")
                #expect(try rig.state().networks.isEmpty, "\(answer) of \(answers)")
            }
            #expect(killed > 2, "only \(killed) were killed in time")
            #expect(try rig.vfpool("apply", "-f", "/etc/vfpool/spec.yaml").status == 0)
            #expect(try rig.vfpool("diff", "-f", "/etc/vfpool/spec.yaml").status == 0)
        }
    }
}

extension Rig {
    /// The id of the newest change by a command.
    fileprivate func lastOf(_ command: String) throws -> String {
        try vfpool("log").stdout.split(separator: "\n").first { $0.contains("vfpool \(command)") }
            .flatMap { $0.split(separator: " ").first }.map(String.init) ?? ""
    }
}
