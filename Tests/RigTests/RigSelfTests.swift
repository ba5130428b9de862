import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// The rig is what it says it is: a host on which libvirt's own allocator, guests, restarts and drivers do what they do.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct RigSelfTests {
    static func mac(_ number: Int) -> String { "52:54:00:00:00:" + (number < 10 ? "0" : "") + "\(number)" }

    @Test func `guests of a pool take its VFs in order, and no more than there are`() throws {
        let guests = (1...3).map { RigPart.guest("vm\($0)", .network("eth3", mac: Self.mac($0))) }
        try Rig.with([.pf("eth3", vfs: 2), .pool("eth3")] + guests) { rig in
            #expect(try rig.virsh("start", "vm2").status == 0)
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try rig.virsh("start", "vm3").status != 0)
            let state = try rig.state()
            #expect(state.guest("vm2")?.live.map(\.vf) == ["0000:03:10.0"])
            #expect(state.guest("vm1")?.live.map(\.vf) == ["0000:03:10.2"])
            #expect(state.guest("vm3")?.running == false)
            #expect(Set(state.network("eth3")?.ports.map(\.owner) ?? []) == ["vm1", "vm2"])
            #expect(state.problems(macs: ["vm1": [Self.mac(1)], "vm2": [Self.mac(2)], "vm3": [Self.mac(3)]]) == [])
            #expect(try rig.virsh("destroy", "vm2").status == 0)
            #expect(try rig.virsh("start", "vm3").status == 0)
            #expect(try rig.state().guest("vm3")?.live.map(\.vf) == ["0000:03:10.0"])
        }
    }

    @Test func `a managed VF changes its driver, and its MAC reaches the PF's table`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2), .pool("eth3"),
            .guest("vm1", .network("eth3", mac: Self.mac(1), inside: "<vlan><tag id='42'/></vlan>"))
        ) { rig in
            var vf = try #require(try rig.state().pf("eth3")?.vfs.first)
            #expect(vf.driver == "ixgbevf" && vf.netdev == "eth3v0" && vf.mac == "00:00:00:00:00:00")
            #expect(try rig.virsh("start", "vm1").status == 0)
            vf = try #require(try rig.state().pf("eth3")?.vfs.first)
            #expect(vf.driver == "vfio-pci" && vf.netdev == nil && vf.mac == Self.mac(1) && vf.vlan == 42)
            #expect(try rig.settingsHistory().first == "eth3 0000:03:00.0 vf 0 mac \(Self.mac(1))")
            #expect(try rig.sh("ip link show eth3").stdout.contains("vf 0     link/ether \(Self.mac(1))"))
            #expect(try rig.virsh("destroy", "vm1").status == 0)
            vf = try #require(try rig.state().pf("eth3")?.vfs.first)
            #expect(vf.driver == "ixgbevf" && vf.netdev == "eth3v0" && vf.vlan == 0)
        }
    }

    @Test func `every way of attaching a guest starts`() throws {
        try Rig.with(
            .pf("eth3", vfs: 5, uses: [.bridge(vf: 4, "br0")]), .pool("eth3"),
            .guest("pinned", .pinned("eth3", 0, mac: Self.mac(1)), running: true),
            .guest("plain", .hostdev("eth3", 1), running: true),
            .guest("bridged", .bridge("br0", mac: Self.mac(3)), running: true),
            .guest("over", .macvtap("eth3v3", mac: Self.mac(4)), running: true)
        ) { rig in
            let state = try rig.state()
            #expect(state.guests.filter(\.running).count == 4)
            #expect(state.guest("pinned")?.live.map(\.vf) == ["0000:03:10.0"])
            #expect(
                state.guest("plain")?.live
                    == state.guest("plain")?.live.filter { $0.attached == "hostdev" && $0.mac == nil })
            #expect(
                state.problems(macs: ["pinned": [Self.mac(1)], "bridged": [Self.mac(3)], "over": [Self.mac(4)]]) == [])
        }
    }

    @Test func `a reservation is skipped by the allocator and outlives the daemon`() throws {
        try Rig.with(.pf("eth3", vfs: 3), .pool("eth3"), .guest("vm1", .network("eth3", mac: Self.mac(1)))) { rig in
            func reserve(_ function: Int) throws -> String {
                try rig.createPort(
                    "eth3",
                    xml: """
                        <networkport><uuid>aaaaaaaa-0000-4000-8000-00000000000\(function)</uuid>
                        <owner><name>vm9</name><uuid>11111111-2222-3333-4444-555555555555</uuid></owner>
                        <mac address='\(Self.mac(9))'/><plug type='hostdev-pci' managed='yes'>
                        <address domain='0' bus='3' slot='0x10' function='\(function)'/></plug></networkport>
                        """)
            }
            #expect(try reserve(0).contains("vm9"))
            // VIR_ERR_INTERNAL_ERROR from VIR_FROM_NETWORK
            #expect { try reserve(0) } throws: { ($0 as? RigError)?.code == 1 && ($0 as? RigError)?.domain == 19 }
            try rig.daemon(.restart)
            #expect(try rig.virsh("start", "vm1").status == 0)
            let state = try rig.state()
            #expect(state.guest("vm1")?.live.map(\.vf) == ["0000:03:10.2"])
            #expect(
                state.network("eth3")?.ports.map(\.vf).sorted { $0 ?? "" < $1 ?? "" } == [
                    "0000:03:10.0", "0000:03:10.2",
                ])
        }
    }

    @Test func `guests and ports outlive the daemon, however it ends`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2), .pool("eth3"), .guest("vm1", .network("eth3", mac: Self.mac(1)), running: true)
        ) { rig in
            let before = try rig.state()
            try rig.daemon(.restart)
            #expect(try rig.state().network("eth3")?.ports.map(\.uuid) == before.network("eth3")?.ports.map(\.uuid))
            try rig.daemon(.kill)
            #expect(try rig.virsh("list").status != 0)
            try rig.daemon(.start)
            let after = try rig.state()
            #expect(after.guest("vm1")?.live == before.guest("vm1")?.live)
            #expect(after.network("eth3")?.ports.map(\.uuid) == before.network("eth3")?.ports.map(\.uuid))
            try rig.daemon(.stop)
            #expect(try rig.virsh("list").status != 0)
        }
    }

    @Test func `after a reboot the VFs are back or not, and autostart does its work once`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2, uses: [.address(vf: 1, "192.0.2.1/24")]), .pool("eth3", autostart: true),
            .guest("vm1", .network("eth3", mac: Self.mac(1)), running: true, autostart: true),
            .guest("vm2", .network("eth3", mac: Self.mac(2)))
        ) { rig in
            #expect(try rig.run("touch", "/run/mark").status == 0)
            try rig.reboot(vfs: .none)
            #expect(try rig.run("test", "-e", "/run/mark").status != 0)
            var state = try rig.state()
            #expect(state.network("eth3")?.active == false)
            #expect(state.guest("vm1")?.running == false)
            #expect(state.pf("eth3")?.vfs.isEmpty == true)
            // The VFs come too late; libvirt does not try again.
            try rig.setVFs("eth3", 2)
            #expect(try rig.state().network("eth3")?.active == false)
            try rig.reboot()
            state = try rig.state()
            #expect(state.network("eth3")?.active == true)
            #expect(state.guest("vm1")?.running == true)
            #expect(state.guest("vm2")?.running == false)
            #expect(try rig.sh("ip -br addr show eth3v1").stdout.contains("192.0.2.1/24"))
            #expect(state.problems(macs: ["vm1": [Self.mac(1)]]) == [])
        }
    }

    @Test func `a slow link takes the time of its round trips`() throws {
        try Rig.with(.pf("eth3", vfs: 1)) { rig in
            let link = try rig.link(milliseconds: 50)
            let time = try ContinuousClock().measure { _ = try rig.virsh("-c", link.uri, "list") }
            #expect(link.answers >= 3)
            #expect(time >= .milliseconds(50) * (link.answers - 1), "however fast the machine is")
        }
    }

    @Test func `a link is held where libvirt has answered and nobody knows`() throws {
        try Rig.with(.pf("eth3", vfs: 1), .guest("vm1", .pinned("eth3", 0))) { rig in
            let whole = try rig.link()
            #expect(try rig.virsh("-c", whole.uri, "autostart", "vm1").status == 0 && !whole.isHeld)
            #expect(try rig.virsh("autostart", "vm1", "--disable").status == 0)
            // The last answers are to a domain that is let go of, and to the end of the connection.
            let link = try rig.link(heldAtAnswer: whole.answers - 1)
            let command = try rig.start(["virsh", "-c", link.uri, "autostart", "vm1"])
            #expect(eventually { link.isHeld })
            #expect(try rig.virsh("dominfo", "vm1").stdout.contains("Autostart:      enable"))
            #expect(!command.hasEnded)
            link.release()
            #expect(try command.wait().status == 0)
        }
    }

    @Test func `a guest lets go of a device as its cue says`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2), .pool("eth3"), .guest("vm1", .network("eth3", mac: Self.mac(1)), running: true)
        ) { rig in
            let nic = "<interface type='network'><mac address='\(Self.mac(2))'/><source network='eth3'/></interface>"
            func device(_ action: String) throws -> CommandResult {
                try rig.run("virsh", "-q", "\(action)-device", "vm1", "/dev/stdin", "--live", input: nic)
            }
            let count = { try rig.state().guest("vm1")?.live.count }
            #expect(try device("attach").status == 0)
            #expect(try count() == 2)
            #expect(try rig.state().network("eth3")?.ports.count == 2)
            #expect(try device("detach").status == 0)
            #expect(try count() == 1)
            #expect(try device("attach").status == 0)
            try rig.cue("vm1", .init(unplug: .refused))
            #expect(try device("detach").status != 0)
            #expect(try count() == 2)
            try rig.cue("vm1", .init(unplug: .ignored))
            #expect(try device("detach").status == 0)  // after 5 s, and in vain
            #expect(try count() == 2)
            try rig.cue("vm1", .init(unplug: .after(seconds: 0.3)))
            #expect(try device("detach").status == 0)
            #expect(try eventually { try count() == 1 })
            #expect(try device("attach").status == 0)
            try rig.cue("vm1", .init(unplug: .held))
            #expect(try device("detach").status == 0)  // after 5 s, as when ignored
            #expect(try count() == 2)
            try rig.cue("vm1", nil)
            #expect(try eventually { try count() == 1 })
            try rig.cue("vm1", .init(attachFails: true))
            #expect(try device("attach").status != 0)
            #expect(try rig.state().network("eth3")?.ports.count == 1)
            try rig.cue("vm1", nil)
            #expect(try device("attach").status == 0)
            #expect(try rig.virsh("shutdown", "vm1").status == 0)
            #expect(try eventually { try rig.state().guest("vm1")?.running == false })
            #expect(try rig.state().network("eth3")?.ports.isEmpty == true)
        }
    }

    @Test func `the host uses its VFs as described`() throws {
        try Rig.with(
            .pf(
                "eth3", vfs: 8,
                uses: [
                    .address(vf: 0, "192.0.2.1/24"), .bridge(vf: 1, "br0"), .vlan(vf: 2, "eth3v2.7"),
                    .bond(vf: 3, "bond0"),
                    .macvtap(vf: 4, "tap4"), .otherNamespace(vf: 5), .program(vf: 6), .up(vf: 7),
                ])
        ) { rig throws in
            #expect(try rig.sh("ip -br addr show eth3v0").stdout.contains("192.0.2.1/24"))
            for (lower, upper) in [("eth3v1", "br0"), ("eth3v2", "eth3v2.7"), ("eth3v3", "bond0"), ("eth3v4", "tap4")] {
                #expect(try rig.run("test", "-L", "/sys/class/net/\(lower)/upper_\(upper)").status == 0, "\(upper)")
                #expect(try rig.run("test", "-L", "/sys/class/net/\(upper)/lower_\(lower)").status == 0, "\(upper)")
            }
            #expect(try rig.sh("ls /sys/bus/pci/devices/0000:03:11.2/net").stdout == "")
            #expect(try rig.run("ip", "link", "show", "eth3v5").status != 0)
            #expect(try rig.sh("ls -l /proc/$(pidof dpdk-testpmd)/fd").stdout.contains("/dev/vfio/"))
            #expect(try rig.state().pf("eth3")?.vfs[6].driver == "vfio-pci")
            #expect(try rig.sh("cat /sys/class/net/eth3v7/flags").stdout == "0x1003\n")
        }
    }

    @Test func `hardware changes under libvirt`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2), .pool("eth3"), .guest("vm1", .network("eth3", mac: Self.mac(1)))
        ) { rig in
            try rig.setLink("eth3", up: false)
            #expect(try rig.virsh("start", "vm1").status != 0)
            try rig.setLink("eth3", up: true)
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try rig.virsh("destroy", "vm1").status == 0)
            try rig.setVFs("eth3", 4)
            #expect(try rig.virsh("nodedev-list", "--cap", "pci").stdout.contains("pci_0000_03_10_6"))
            try rig.rename("eth3", to: "ens3f0")
            #expect(try rig.run("cat", "/sys/class/net/ens3f0/device/sriov_numvfs").stdout == "4\n")
            #expect(try rig.run("test", "-e", "/sys/class/net/eth3").status != 0)
            try rig.replaceCard("ens3f0", mac: "a0:36:9f:99:00:00")
            #expect(try rig.run("ip", "link", "show", "ens3f0").stdout.contains("a0:36:9f:99:00:00"))
            #expect(try rig.state().pf("ens3f0")?.vfs.isEmpty == true)
            try rig.reboot()
            #expect(try rig.state().pf("ens3f0")?.mac == "a0:36:9f:99:00:00")
            try rig.removeCard("ens3f0")
            #expect(try rig.run("ls", "/sys/bus/pci/devices/0000:03:00.0").status != 0)
        }
    }

    @Test func `what is written to sysfs has its effect`() throws {
        try Rig.with(.pf("eth3", vfs: 0)) { rig throws in
            #expect(try rig.sh("echo 3 > /sys/class/net/eth3/device/sriov_numvfs").status == 0)
            #expect(try rig.state().pf("eth3")?.vfs.map(\.driver) == ["ixgbevf", "ixgbevf", "ixgbevf"])
            #expect(try rig.virsh("nodedev-detach", "pci_0000_03_10_2").status == 0)
            #expect(try rig.state().pf("eth3")?.vfs.map(\.driver) == ["ixgbevf", "vfio-pci", "ixgbevf"])
            #expect(try rig.virsh("nodedev-reattach", "pci_0000_03_10_2").status == 0)
            #expect(try rig.state().pf("eth3")?.vfs.map(\.netdev) == ["eth3v0", "eth3v1", "eth3v2"])
        }
    }
}
