import TestSupport
import Testing

/// VF settings that libvirt has no words for, on a real libvirtd that runs vfpool's hook.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct SettingsOnRigTests {
    /// vm1 on a pool with this hook, shut off; and the VF table's row when nobody has set anything.
    private static let untouched = "vlan 0 qos 0 spoofcheck 1 trust 0 link 0 rate 0 0 proto 8100"
    private static let vlan = "<vlan><tag id='42'/></vlan>"

    private func withHook(inside: String = "", more: [String] = [], body: (Rig) throws -> Void) throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1), inside: inside)),
            .guest("vm2", .pinned("eth3", 1, mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm1", "vm2").status == 0)
            #expect(try rig.vfpool("hook", "install").status == 0)
            try restart(rig)
            try body(rig)
            #expect(try rig.problems(macs: ["vm1": [OnRig.mac(1)], "vm2": [OnRig.mac(2)] + more]) == [])
        }
    }

    /// libvirtd looks for hooks when it starts. A reload would make it forget which VFs are taken.
    private func restart(_ rig: Rig) throws { try rig.daemon(.restart) }

    /// A row of eth3's VF table, without its MAC.
    private func row(_ rig: Rig, _ index: Int) throws -> String {
        let rows = try rig.sh("cat /dev/rig/vf/0000:03:00.0").stdout.split(separator: "\n").dropFirst()
        let words = rows.dropFirst(index).first?.split(separator: " ") ?? []
        return words.dropFirst(2).joined(separator: " ")
    }

    private func refuse(_ rig: Rig, _ lines: String...) throws {
        let text = lines.joined(separator: "\n")
        #expect(try rig.sh("echo '\(text)' > /dev/rig/vf/0000:03:00.0.refuses").status == 0)
    }

    /// What `hook install` asks for may not cost a reservation: a running pin keeps its VF, and others start beside it.
    @Test func `after the restart that the hook needs, a running pin's VF is still kept`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm2").status == 0)
            let installed = try rig.vfpool("hook", "install")
            #expect(installed.status == 0 && installed.stderr.contains("systemctl restart libvirtd"), "\(installed)")
            try restart(rig)
            #expect(try rig.virsh("start", "vm2").status == 0)
            #expect(try rig.problems(macs: OnRig.macs) == [])
        }
    }

    // MARK: Starts and stops

    @Test func `settings are there at every start, and gone after every stop`() throws {
        try withHook { rig throws in
            #expect(try rig.vfpool("set", "vfpool-eth3", "--max-rate", "1000", "--trust", "off").status == 0)
            #expect(try rig.vfpool("set", "vm1", "--trust", "on", "--spoof-check", "off").status == 0)
            let given = "vlan 0 qos 0 spoofcheck 0 trust 1 link 0 rate 0 1000 proto 8100"
            for _ in 0..<2 {
                #expect(try rig.virsh("start", "vm1").status == 0)
                #expect(try row(rig, 0) == given)
                #expect(try row(rig, 1) == Self.untouched)
                let status = try rig.vfpool("status")
                #expect(status.stdout.contains("trust on, spoof-check off, max-rate 1000\n"), "\(status)")
                #expect(!status.stderr.contains("instead of"), "\(status)")
                #expect(try rig.virsh("destroy", "vm1").status == 0)
                #expect(try row(rig, 0) == Self.untouched)
            }
            // Whoever gets the VF next has what is wanted of him.
            #expect(try rig.virsh("start", "vm2").status == 0)
            #expect(try row(rig, 0) == "vlan 0 qos 0 spoofcheck 1 trust 0 link 0 rate 0 1000 proto 8100")
            #expect(try rig.vfpool("hook", "status").stdout.contains("Last run by libvirt: 20"))
            #expect(try rig.vfpool("hook", "status", "--format", "json").stdout.contains("\"lastRun\" : \"20"))
        }
    }

    @Test func `the daemon starts anew, and nothing is told to the driver`() throws {
        try withHook(inside: Self.vlan) { rig throws in
            #expect(try rig.vfpool("set", "vm1", "--trust", "on", "--vlan-qos", "5").status == 0)
            #expect(try rig.virsh("start", "vm1").status == 0)
            let given = "vlan 42 qos 5 spoofcheck 1 trust 1 link 0 rate 0 0 proto 8100"
            #expect(try row(rig, 0) == given)
            let history = try rig.settingsHistory()
            #expect(try rig.vfpool("set", "vm1", "--trust", "off").status == 0)
            for action in [Rig.Daemon.restart, .restart] {
                try rig.daemon(action)
                #expect(try rig.virsh("list", "--name").stdout.contains("vm1"))
                #expect(try row(rig, 0) == given)
                #expect(try rig.settingsHistory() == history)
            }
            // What is wanted by now is not what it was given.
            let status = try rig.vfpool("status", "vm1")
            #expect(status.stderr.contains("has trust on instead of off"), "\(status)")
            #expect(try rig.virsh("destroy", "vm1").status == 0)
            #expect(try row(rig, 0) == Self.untouched)
        }
    }

    @Test func `VLAN priority and protocol last, although libvirt sets the VLAN later`() throws {
        try withHook(inside: Self.vlan, more: [OnRig.mac(9)]) { rig throws in
            #expect(try rig.vfpool("set", "vm1", "--vlan-qos", "5", "--vlan-protocol", "802.1ad").status == 0)
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try row(rig, 0) == "vlan 42 qos 5 spoofcheck 1 trust 0 link 0 rate 0 0 proto 88a8")
            #expect(try rig.settingsHistory().last?.hasSuffix("vf 0 vlan 42 qos 5 proto 88a8") == true)
            #expect(try rig.virsh("destroy", "vm1").status == 0)
            #expect(try row(rig, 0) == Self.untouched)
            // A VF that is plugged into a running guest gets its VLAN when no hook follows: that is refused.
            #expect(try rig.vfpool("bind", "vm2", "--add", "--mac", OnRig.mac(9), "--vlan", "7").status == 0)
            #expect(try rig.virsh("start", "vm2").status == 0)
            let plugged = try rig.vfpool(
                "bind", "vm2", "--add", "--mac", OnRig.mac(8), "--vlan", "7", "--vlan-qos", "3", "--live", "--yes")
            #expect(plugged.status == 1 && plugged.stderr.contains("VLAN priority or protocol"), "\(plugged)")
            #expect(try rig.virsh("destroy", "vm2").status == 0)
        }
    }

    @Test func `a VF that is plugged in has its settings, and loses them when it is unplugged`() throws {
        try withHook { rig throws in
            #expect(try rig.virsh("start", "vm1").status == 0)
            let plugged = try rig.vfpool(
                "bind", "vm1", "--add", "--mac", OnRig.mac(9), "--trust", "on", "--max-rate", "7", "--live", "--yes")
            #expect(plugged.status == 0, "\(plugged)")
            #expect(try row(rig, 1) == "vlan 0 qos 0 spoofcheck 1 trust 1 link 0 rate 0 7 proto 8100")
            #expect(try rig.vfpool("undo", "--yes").status == 0)
            #expect(try row(rig, 1) == Self.untouched)
        }
    }

    // MARK: Refusals

    @Test func `what can't be given keeps the guest from starting, and says why`() throws {
        try withHook { rig throws in
            #expect(try rig.vfpool("set", "vm1", "--trust", "on", "--link-state", "enable").status == 0)
            try refuse(rig, "link-state unsupported")
            let failed = try rig.virsh("start", "vm1")
            #expect(failed.status != 0)
            #expect(
                failed.stderr.contains("vfpool: VF 0 of eth3 for guest vm1 can't have link-state enable")
                    && failed.stderr.contains("not supported"), "\(failed)")
            #expect(try row(rig, 0) == Self.untouched)
            #expect(try rig.state().network("vfpool-eth3")?.ports.isEmpty == true)
            try refuse(rig, "")
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try row(rig, 0) == "vlan 0 qos 0 spoofcheck 1 trust 1 link 1 rate 0 0 proto 8100")
            // What can't be taken back is told, and keeps nobody from anything.
            try refuse(rig, "link-state unsupported")
            #expect(try rig.virsh("destroy", "vm1").status == 0)
            #expect(try row(rig, 0).contains("link 1"))
            try refuse(rig, "")
            #expect(try rig.vfpool("set", "vm1", "--trust", "default", "--link-state", "default").status == 0)
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try row(rig, 0) == Self.untouched)
        }
    }

    /// The driver is asked on a VF that nobody has, which is left as it was.
    @Test func `what the driver does not take is refused before anything is changed`() throws {
        try withHook(inside: Self.vlan) { rig throws in
            try refuse(
                rig, "min-rate invalid", "link-state unsupported", "vlan-protocol unsupported", "trust unsupported")
            let document = try rig.document(guest: "vm1")
            for (option, value) in [
                ("--min-rate", "100"), ("--link-state", "enable"), ("--vlan-protocol", "802.1ad"), ("--trust", "on"),
            ] {
                let refused = try rig.vfpool("set", "vm1", option, value, "--max-rate", "1000")
                #expect(
                    refused.status == 1 && refused.stderr.contains("error[setting-refused]")
                        && refused.stderr.contains("does not support \(option.dropFirst(2)) \(value)"), "\(refused)")
                let bound = try rig.vfpool("bind", "vm2", option, value, "--vlan", "9")
                #expect(bound.status == 1 && bound.stderr.contains("error[setting-refused]"), "\(bound)")
            }
            #expect(try rig.document(guest: "vm1") == document)
            for index in 0..<4 { #expect(try row(rig, index) == Self.untouched) }
            #expect(try rig.vfpool("set", "vm1", "--max-rate", "1000", "--spoof-check", "off").status == 0)
            for index in 0..<4 { #expect(try row(rig, index) == Self.untouched) }
            #expect(try rig.sh("ls /run/vfpool/functions").stdout.isEmpty)
            // As a vfpool leaves it that is killed while it asks: the next guest has nothing of it.
            let killed = """
                ip link set eth3 vf 0 trust on
                echo '{"guestName":"vfpool","guestUUID":"","wanted":{"unreadable":[]},"former":{"trust":false,"unreadable":[]}}' \\
                    > /run/vfpool/functions/\(OnRig.vf(0)).json
                """
            try refuse(rig, "")
            #expect(try rig.sh(killed).status == 0)
            #expect(try row(rig, 0).contains("trust 1"))
            #expect(try rig.virsh("start", "vm2").status == 0)
            #expect(try row(rig, 0) == Self.untouched)
            #expect(try rig.virsh("destroy", "vm2").status == 0)
            try refuse(rig, "min-rate invalid")
            let dry = try rig.vfpool("set", "vm1", "--min-rate", "100", "--dry-run")
            #expect(dry.status == 0 && dry.stderr.contains("is tried first, on VF"), "\(dry)")
        }
    }

    // MARK: The hook's files

    @Test func `other hooks go on, and undo leaves nothing of vfpool's`() throws {
        try Rig.with(.pf("eth3", vfs: 4), .guest("vm1", .bridge("br0", mac: OnRig.mac(1)))) { rig throws in
            let others = """
                mkdir -p /etc/libvirt/hooks/network.d
                for hook in network network.d/zz; do
                    printf '#!/bin/sh\\necho "'$hook' $*" >> /run/others\\n' > /etc/libvirt/hooks/$hook
                    chmod 755 /etc/libvirt/hooks/$hook
                done
                find /etc/libvirt/hooks | sort
                """
            let before = try rig.sh(others).stdout
            try rig.daemon(.restart)
            #expect(try rig.vfpool("create", "eth3", "--trust", "on").stderr.contains("vfpool hook install"))
            #expect(try rig.vfpool("bind", "vm1").status == 0)
            let installed = try rig.vfpool("hook", "install")
            #expect(installed.status == 0 && installed.stderr.contains("network.d/zz"), "\(installed)")
            #expect(try rig.vfpool("hook", "install").stdout.contains("Nothing to do"))
            #expect(try rig.sh("stat -c %a /etc/libvirt/hooks/*/vfpool").stdout == "755\n755\n")
            // libvirt knows of network hooks already: no reload is needed.
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try row(rig, 0).contains("trust 1"))
            #expect(try rig.virsh("destroy", "vm1").status == 0)
            let calls = try rig.sh("cat /run/others").stdout
            for hook in ["network", "network.d/zz"] {
                #expect(calls.contains("\n\(hook) vfpool-eth3 port-created begin -\n"), "\(calls)")
            }
            // Without a vfpool that can be run, guests start as without the hook.
            for program in ["/nowhere/vfpool", "/run/broken"] {
                let swap =
                    "printf '#!/nowhere\\n' > /run/broken; chmod 755 /run/broken; sed -i 's|^vfpool=.*|vfpool=\(program)|'"
                #expect(try rig.sh("\(swap) /etc/libvirt/hooks/*.d/vfpool").status == 0)
                #expect(try rig.virsh("start", "vm1").status == 0)
                #expect(try row(rig, 0).contains("trust 0"))
                #expect(try rig.virsh("destroy", "vm1").status == 0)
            }
            #expect(try rig.vfpool("hook", "status").stdout.contains("differs"))
            #expect(try rig.vfpool("hook", "install").status == 0)
            let removed = try rig.vfpool("hook", "remove")
            #expect(removed.status == 0 && removed.stderr.contains("pool vfpool-eth3"), "\(removed)")
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try rig.vfpool("hook", "status", "--quiet").stdout.split(separator: "\n").count == 2)
            let log = try rig.vfpool("log", "--quiet").stdout.split(separator: "\n").map(String.init)
            #expect(try rig.vfpool("undo", log[3]).stdout.contains("hook install"))
            #expect(try rig.sh("find /etc/libvirt/hooks | sort").stdout == before)
        }
    }

    /// A hook that asked libvirt would wait for itself: it answers while there is no daemon, and never loads the library.
    @Test func `the hook needs no libvirt`() throws {
        try withHook { rig throws in
            #expect(try rig.vfpool("set", "vm1", "--trust", "on").status == 0)
            let uuid = try rig.virsh("domuuid", "vm1").stdout.split(separator: "\n").first.map(String.init) ?? ""
            let network = try rig.virsh("net-dumpxml", "vfpool-eth3").stdout
            try rig.daemon(.stop)
            let port = """
                <networkport><uuid>11111111-2222-4333-8444-555555555555</uuid>
                <owner><name>vm1</name><uuid>\(uuid)</uuid></owner><mac address='\(OnRig.mac(1))'/>
                <plug type='hostdev-pci'><address domain='0' bus='3' slot='0x10' function='0'/></plug></networkport>
                """
            for (operation, trust) in [("port-created", "trust 1"), ("port-deleted", "trust 0")] {
                let run = try rig.run(
                    Rig.vfpool, "hook", "run", "network", "vfpool-eth3", operation, "begin", "-",
                    environment: ["LD_DEBUG": "files"], input: "<hookData>\(network)\(port)</hookData>")
                #expect(run.status == 0 && !run.stderr.contains("libvirt.so"), "\(run.status)")
                #expect(run.stderr.contains("libnl-route-3.so"))
                #expect(try row(rig, 0).contains(trust))
            }
            try rig.daemon(.start)
        }
    }
}
