import SRIOV
import TestSupport
import Testing
import Text

@testable import VFPoolCore

/// Every way in which hosts set VF counts at boot is noticed.
@Suite struct BootSetupTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var means: CountSetter.Means
        var path: String
        var text: String
        var isOrdered = false
        var testDescription: String { "\(means.rawValue) \(path)" }
    }

    static let cases = [
        Case(
            means: .udevRule, path: "etc/udev/rules.d/70-vfs.rules",
            text: "ACTION==\"add\", SUBSYSTEM==\"net\", KERNEL==\"eth3\", ATTR{device/sriov_numvfs}=\"4\"\n"),
        Case(
            means: .link, path: "etc/systemd/network/10-eth3.link",
            text: "[Match]\nOriginalName=eth3\n[Link]\nSR-IOVVirtualFunctions=4\n"),
        Case(
            means: .networkManager, path: "etc/NetworkManager/system-connections/eth3.nmconnection",
            text: "[connection]\nid=x\ninterface-name=eth3\n[sriov]\ntotal-vfs=4\n"),
        Case(
            means: .networkManager, path: "etc/sysconfig/network-scripts/ifcfg-eth3",
            text: "DEVICE=eth3\nSRIOV_TOTAL_VFS=4\n"),
        Case(
            means: .netplan, path: "etc/netplan/50-cloud.yaml",
            text:
                "network:\n  ethernets:\n    eno1:\n      dhcp4: true\n    eth3:\n      optional: true\n      virtual-function-count: 4\n    eth5: {}\n"
        ),
        Case(
            means: .ifupdown, path: "etc/network/interfaces",
            text: "auto eth3\niface eth3 inet manual\n    up echo 4 > /sys/class/net/eth3/device/sriov_numvfs\n",
            isOrdered: true),
        Case(
            means: .sysfsutils, path: "etc/sysfs.d/vfs.conf", text: "class/net/eth3/device/sriov_numvfs = 4\n"),
        Case(
            means: .tmpfiles, path: "etc/tmpfiles.d/vfs.conf",
            text: "w /sys/class/net/eth3/device/sriov_numvfs - - - - 4\n"),
        Case(
            means: .script, path: "etc/rc.local",
            text:
                "#!/bin/sh\n# echo 9 > /sys/class/net/eth3/device/sriov_numvfs\necho 4 > /sys/class/net/eth3/device/sriov_numvfs\n"
        ),
        Case(means: .moduleOption, path: "etc/modprobe.d/ixgbe.conf", text: "options ixgbe max_vfs=4\n"),
    ]

    /// Whatever the lines end with, and behind a comment too.
    @Test(arguments: cases, ["\n", "\r\n"]) func isNoticed(_ example: Case, _ end: String) throws {
        let text = "# VFs\n" + example.text
        let tree = try FileTree([example.path: text.replacing("\n", with: end)])
        let setup = BootSetupReader(files: SystemFiles(root: tree.root)).setup()
        let ports = try PretendHost([PretendPort("eth3", vfs: 4), PretendPort("eth4", bus: 4, vfs: 4)]).ports
        let setter = try #require(setup.setters(of: ports[0]).first)
        #expect(setup.setters.count == 1)
        #expect(setter.means == example.means && setter.path == "/" + example.path && setter.count == 4)
        #expect(setter.isBeforeLibvirt == example.isOrdered)
        // A module's option is for every port of the driver.
        #expect(setup.setters(of: ports[1]).isEmpty == (example.means != .moduleOption), "\(setter)")
    }

    /// `unit` and what it wants; whether libvirt waits for it.
    @Test(arguments: [
        ("Before=libvirtd.service", "oneshot", true), ("Before=network-pre.target", "oneshot", true),
        ("After=network-online.target", "oneshot", false), ("Before=libvirtd.service", "simple", false),
    ])
    func unitsAreReadWithTheirScripts(_ order: String, _ type: String, _ isOrdered: Bool) throws {
        let tree = try FileTree([
            "etc/systemd/system/vfs.service":
                "[Unit]\n\(order)\n[Service]\nType=\(type)\nExecStart=/usr/local/sbin/vfs\n",
            "usr/local/sbin/vfs":
                "#!/bin/sh\nip link set eth3 up\necho 4 > /sys/bus/pci/devices/0000:03:00.0/sriov_numvfs\n",
            "etc/systemd/system/off.service": "[Service]\nExecStart=/bin/sh -c 'echo 9 > /x/sriov_numvfs'\n",
        ])
        #expect(BootSetupReader(files: SystemFiles(root: tree.root)).setup().setters.isEmpty, "none is enabled")
        try tree.link("etc/systemd/system/multi-user.target.wants/vfs.service", to: "../vfs.service")
        let setters = BootSetupReader(files: SystemFiles(root: tree.root)).setup().setters
        let setter = try #require(setters.first)
        #expect(setters.count == 1 && setter.count == 4 && setter.setsUp && setter.isBeforeLibvirt == isOrdered)
        #expect(setter.isAbout(try PretendHost([PretendPort("other", vfs: 4)]).ports[0]), "by its address")
        #expect(!setter.isAbout(try PretendHost([PretendPort("eth4", bus: 4, vfs: 4)]).ports[0]))
    }

    @Test(arguments: ["\n", "\r\n"]) func aUnitsLineGoesOn(_ end: String) throws {
        let unit = """
            # VFs
            [Unit]
            Before=libvirtd.service
            [Service]
            Type=oneshot
            ExecStart=/bin/sh -c \\
              'echo 4 > /sys/bus/pci/devices/0000:03:00.0/sriov_numvfs'

            """
        let tree = try FileTree(["etc/systemd/system/vfs.service": unit.replacing("\n", with: end)])
        try tree.link("etc/systemd/system/multi-user.target.wants/vfs.service", to: "../vfs.service")
        let setter = try #require(BootSetupReader(files: SystemFiles(root: tree.root)).setup().setters.first)
        #expect(setter.count == 4 && setter.isBeforeLibvirt)
    }

    /// Only what the kernel takes for digits is a number.
    @Test func digitsOfOtherScriptsAreNone() {
        #expect(ConfigurationText.count("total-vfs=\u{664}", "total-vfs=") == nil)
        #expect(ConfigurationText.count("total-vfs=4\u{301}", "total-vfs=") == 4)
        #expect(ConfigurationText.lines("#\u{301} x\r\n;\u{301}y\r\n z\r\n\r\n") == [" z"])
    }

    @Test func vfpoolsOwnCount() {
        #expect(BootUnit.settings("# x\r\nVFS=4\r\nHOST_DRIVER=no\r\n")?.count == 4)
        #expect(BootUnit.settings("VFS=4\r\nHOST_DRIVER=no\r\n")?.hostDrivers == false)
        #expect(BootUnit.settings("VFS=+4\n") == nil)
    }

    @Test func whatNamesNoPortIsAboutAny() throws {
        let port = try PretendHost([PretendPort("eth4", bus: 4, vfs: 4)]).ports[0]
        let general = CountSetter(
            .udevRule, "/x", "SUBSYSTEM==\"net\", DRIVERS==\"ixgbe\", ATTR{device/sriov_numvfs}=\"4\"", count: 4)
        #expect(general.isAbout(port))
        let pattern = CountSetter(.udevRule, "/x", "KERNEL==\"eth*\", ATTR{device/sriov_numvfs}=\"4\"", count: 4)
        #expect(pattern.isAbout(port))
    }
}
