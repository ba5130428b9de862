import SRIOV
import TestSupport
import Testing

@testable import Model

/// Every way in which hosts set VF counts at boot is noticed, and no other PF's is taken for this one's. Verdicts: eth3's, then eth4's.
@Suite struct BootSetupTests {
    @Test(arguments: SetterCases.units + SetterCases.udev) func devices(_ example: SetterCase) throws {
        let found = try example.found()
        #expect(found == example.verdict)
    }

    @Test(arguments: SetterCases.links + SetterCases.netplan + SetterCases.networkManager)
    func networkServices(_ example: SetterCase) throws {
        let found = try example.found()
        #expect(found == example.verdict)
    }

    @Test(arguments: SetterCases.ifupdown + SetterCases.lines + SetterCases.scripts + SetterCases.programs)
    func others(_ example: SetterCase) throws {
        let found = try example.found()
        #expect(found == example.verdict)
    }

    /// Lines that end with CR LF are lines.
    @Test(
        arguments: SetterCases.units + SetterCases.udev + SetterCases.links + SetterCases.netplan
            + SetterCases.networkManager + SetterCases.ifupdown + SetterCases.lines)
    func carriageReturns(_ example: SetterCase) throws {
        let files = example.files.mapValues { $0.replacing("\n", with: "\r\n") }
        let found = try BootHost(files).verdict
        #expect(found == example.verdict)
    }

    // MARK: Which line, and when

    @Test(arguments: [
        ("/etc/udev/rules.d/70-vfs.rules", "# VFs\nKERNEL==\"eth3\", ATTR{device/sriov_numvfs}=\"4\"\n", 2),
        ("/etc/systemd/network/10-eth3.link", "[Match]\nOriginalName=eth3\n[Link]\nSR-IOVVirtualFunctions=4\n", 4),
        ("/etc/NetworkManager/system-connections/x", "[connection]\ninterface-name=eth3\n\n[sriov]\ntotal-vfs=4\n", 5),
        ("/etc/sysconfig/network-scripts/ifcfg-eth3", "DEVICE=eth3\nSRIOV_TOTAL_VFS=4\n", 2),
        ("/etc/netplan/5.yaml", "network:\n  ethernets:\n    eth3:\n      virtual-function-count: 4\n", 4),
        (
            "/etc/network/interfaces",
            "auto eth3\niface eth3 inet manual\n  up echo 4 > /sys/class/net/eth3/device/sriov_numvfs\n", 3
        ),
        ("/etc/sysfs.conf", "# VFs\nclass/net/eth3/device/sriov_numvfs = 4\n", 2),
        ("/etc/tmpfiles.d/vfs.conf", "w /sys/class/net/eth3/device/sriov_numvfs - - - - 4\n", 1),
        ("/etc/rc.local", "#!/bin/sh\necho 4 > /sys/class/net/eth3/device/sriov_numvfs\n", 2),
        ("/etc/modprobe.d/ixgbe.conf", "# VFs\noptions ixgbe max_vfs=4\n", 2),
    ])
    func fileAndLineAreNamed(_ path: String, _ text: String, _ line: Int) throws {
        let setter = try #require(try BootHost([path: text]).setter())
        #expect(setter.path == path && setter.line == line && setter.count == 4 && setter.doubt == nil)
        #expect(setter.title.hasSuffix(", \(path):\(line)"))
        #expect(setter.isBeforeLibvirt == (path == "/etc/network/interfaces"))
    }

    /// `unit` and what it wants; whether libvirt waits for it.
    @Test(arguments: [
        ("Before=libvirtd.service", "oneshot", true), ("Before=network-pre.target", "oneshot", true),
        ("After=network-online.target", "oneshot", false), ("Before=libvirtd.service", "simple", false),
        ("Before=libvirtd.service", "forking", true),
    ])
    func libvirtWaitsForSomeUnits(_ order: String, _ type: String, _ isOrdered: Bool) throws {
        let host = try BootHost([
            "/etc/systemd/system/vfs.service":
                "[Unit]\n\(order)\n[Service]\nType=\(type)\nExecStart=/usr/local/sbin/vfs\n",
            "/usr/local/sbin/vfs":
                "#!/bin/sh\nip link set eth3 up\necho 4 > /sys/bus/pci/devices/0000:03:00.0/sriov_numvfs\n",
        ])
        #expect(try host.verdict == "- -", "it is not enabled")
        try host.enable("vfs.service")
        let setter = try #require(try host.setter())
        #expect(setter.count == 4 && setter.setsUp == .yes && setter.isBeforeLibvirt == isOrdered)
        #expect(setter.path == "/usr/local/sbin/vfs" && setter.caller == "/etc/systemd/system/vfs.service")
    }

    /// What a unit has to say to set the PF up: a VF's MAC is not it.
    @Test(arguments: [
        ("ip link set eth3 up", Truth.yes), ("ip link set dev eth3 up", .yes),
        ("/sbin/ip -4 l s dev eth3 mtu 9000 up", .yes),
        ("ifconfig eth3 up", .yes), ("ifup eth3", .yes), ("ip link set eth3 vf 0 mac 52:54:00:00:00:01", .no),
        ("ip link set eth4 up", .no), ("ip link show eth3", .no), ("ip link set eth3 down", .no),
        ("ip link set $PF up", .maybe), ("ifconfig eth3 down", .no),
    ])
    func whatSetsThePFUp(_ line: String, _ setsUp: Truth) throws {
        let host = try BootHost([
            "/etc/systemd/system/vfs.service":
                "[Service]\nType=oneshot\nExecStart=/bin/sh -c '\(line); echo 4 > /sys/class/net/eth3/device/sriov_numvfs'\n"
        ])
        try host.enable("vfs.service")
        #expect(try host.setter()?.setsUp == setsUp)
    }

    /// The order may be said by libvirt's own unit, and by others between.
    @Test func theOrderMayBeSaidElsewhere() throws {
        let unit = "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo 4 > /sys/class/net/eth3/device/sriov_numvfs'\n"
        let daemon = "[Service]\nExecStart=/usr/sbin/libvirtd\n"
        let host = try BootHost([
            "/etc/systemd/system/vfs.service": unit, "/usr/lib/systemd/system/libvirtd.service": daemon,
            "/etc/systemd/system/libvirtd.service.d/vfs.conf": "[Unit]\nAfter=vfs.service\n",
        ])
        try host.enable("vfs.service")
        #expect(try host.setter()?.isBeforeLibvirt == true)
        let other = try BootHost([
            "/etc/systemd/system/vfs.service": "[Unit]\nBefore=net.service\n" + unit,
            "/etc/systemd/system/net.service": "[Unit]\nBefore=network.target\n[Service]\nExecStart=/x\n",
        ])
        try other.enable("vfs.service")
        try other.enable("net.service")
        #expect(try other.setter()?.isBeforeLibvirt == true)
    }

    // MARK: Odd files

    /// A fault in one file hides none of another.
    @Test func nothingIsTooOdd() throws {
        let odd = [
            "\u{FEFF}[Match", "\u{0}\u{1}\u{2}", "{[\"'", "a:\n\t- b: [", String(repeating: "[", count: 9_000),
            "= = =\n[]\n", "\\\n\\",
        ]
        for text in odd {
            var files: [String: String] = [:]
            for path in SetterCases.paths { files[path] = text }
            files["/etc/sysfs.d/vfs.conf"] = "class/net/eth3/device/sriov_numvfs = 4\n"
            let found = try BootHost(files).verdict
            #expect(found == "4 -", "\(text.debugDescription)")
        }
    }

    // MARK: vfpool's own

    @Test func vfpoolsOwnCount() {
        #expect(BootUnit.settings("# x\r\nVFS=4\r\nHOST_DRIVER=no\r\n")?.count == 4)
        #expect(BootUnit.settings("VFS=4\r\nHOST_DRIVER=no\r\n")?.hostDrivers == false)
        #expect(BootUnit.settings("VFS=+4\n") == nil)
        #expect(ConfigurationText.lines("#\u{301} x\r\n;\u{301}y\r\n z\r\n\r\n") == [" z"])
    }
}
