import TestSupport
import Testing

/// What else is set up on hosts: who makes VFs at boot, who takes them, and other people's hooks.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct FieldHostTests {
    struct Setter: Sendable, CustomTestStringConvertible {
        var what: String
        var files: [String: String]
        /// What the line of `vfs-persist` has; nil: nothing sets the count.
        var says: String?

        var testDescription: String { what }
    }

    static let unit = """
        [Unit]
        Before=libvirtd.service
        [Service]
        Type=oneshot
        ExecStart=/usr/local/sbin/mk-vfs.sh
        [Install]
        WantedBy=multi-user.target
        """
    static let script = """
        #!/bin/sh
        echo 4 > /sys/class/net/enp3s0f0/device/sriov_numvfs
        ip link set enp3s0f0 vf 0 mac 52:54:00:00:00:01
        """

    /// The PF is enp3s0f0, 0000:03:00.0, a0:36:9f:03:00:00, of ixgbe.
    static let setters = [
        Setter(
            what: "netplan, by MAC",
            files: [
                "/etc/netplan/10.yaml": """
                network:
                  version: 2
                  ethernets:
                    lan0:
                      match:
                        macaddress: a0:36:9f:03:00:00
                      set-name: lan0
                      virtual-function-count: 4
                """
            ], says: "netplan, /etc/netplan/10.yaml"),
        Setter(
            what: "netplan, in one line",
            files: [
                "/etc/netplan/10.yaml":
                    "network: {version: 2, ethernets: {enp3s0f0: {virtual-function-count: 4}}}\n"
            ], says: "netplan, /etc/netplan/10.yaml"),
        Setter(
            what: "a unit that runs a script",
            files: [
                "/etc/systemd/system/mk-vfs.service": unit,
                "/etc/systemd/system/multi-user.target.wants/mk-vfs.service": unit, "/usr/local/sbin/mk-vfs.sh": script,
            ], says: "a systemd unit, /etc/systemd/system/mk-vfs.service"),
        Setter(
            what: "ifupdown, post-up",
            files: [
                "/etc/network/interfaces": """
                auto enp3s0f0
                iface enp3s0f0 inet manual
                  post-up echo 4 > /sys/class/net/enp3s0f0/device/sriov_numvfs
                """
            ], says: "ifupdown, /etc/network/interfaces"),
        Setter(
            what: "ifupdown, an escaped PCI address",
            files: [
                "/etc/network/interfaces": """
                auto enp3s0f0
                iface enp3s0f0 inet manual
                  up echo 4 > /sys/bus/pci/devices/0000\\:03\\:00.0/sriov_numvfs
                """
            ], says: "ifupdown, /etc/network/interfaces"),
        Setter(
            what: "sysfsutils",
            files: ["/etc/sysfs.d/vfs.conf": "bus/pci/devices/0000:03:00.0/sriov_numvfs = 4\n"],
            says: "sysfsutils, /etc/sysfs.d/vfs.conf"),
        Setter(
            what: "udev, by the PF's driver",
            files: [
                "/etc/udev/rules.d/80-vfs.rules":
                    "ACTION==\"add\", SUBSYSTEM==\"net\", ENV{ID_NET_DRIVER}==\"ixgbe\", ATTR{device/sriov_numvfs}=\"4\"\n"
            ], says: "a udev rule, /etc/udev/rules.d/80-vfs.rules"),
        Setter(
            what: "an option of the driver's module",
            files: ["/etc/modprobe.d/ixgbe.conf": "options ixgbe max_vfs=4,4\n"],
            says: "an option of the driver's module, /etc/modprobe.d/ixgbe.conf"),
        Setter(
            what: "a NetworkManager profile",
            files: [
                "/etc/NetworkManager/system-connections/p.nmconnection": """
                [connection]
                id=p
                type=ethernet
                interface-name=enp3s0f0
                [sriov]
                autoprobe-drivers=0
                total-vfs=4
                vf.0=mac=52:54:00:00:00:01 trust=true
                """
            ], says: "NetworkManager, /etc/NetworkManager/system-connections/p.nmconnection"),
        Setter(
            what: "udev, of other PFs by address and MAC",
            files: [
                "/etc/udev/rules.d/80-x.rules": """
                ACTION=="add", SUBSYSTEM=="net", ENV{ID_PATH}=="pci-0000:81:00.0", ATTR{device/sriov_numvfs}="8"
                ACTION=="add", SUBSYSTEM=="net", KERNELS=="0000:82:00.0", ATTR{device/sriov_numvfs}="8"
                ACTION=="add", SUBSYSTEM=="net", ATTR{address}=="b8:2a:71:be:ef:01", ATTR{device/sriov_numvfs}="8"
                """
            ]),
        Setter(
            what: "tmpfiles.d, of another device",
            files: ["/etc/tmpfiles.d/gpu.conf": "w /sys/devices/pci0000:00/0000:00:02.0/sriov_numvfs - - - - 7\n"]),
        Setter(what: "an option of another module", files: ["/etc/modprobe.d/igb.conf": "options igb max_vfs=7\n"]),
    ]

    @Test(arguments: setters) func `who sets the VF count at boot is found, and left to do it`(_ setter: Setter) throws
    {
        let files = setter.files.map {
            RigPart.file($0.key, $0.value, mode: $0.key.hasSuffix(".sh") ? "755" : "600")
        }
        try Rig.with([.pf("enp3s0f0", vfs: 4)] + files) { rig throws in
            let lines = try rig.vfpool("doctor", "enp3s0f0").lines("vfs-persist")
            let boot = try rig.vfpool("boot", "enp3s0f0", "--dry-run")
            #expect(lines.count == 1 && boot.status == 0, "\(lines) \(boot)")
            if let says = setter.says {
                #expect(lines.first?.hasPrefix("PASS") == true && lines.first?.contains(says) == true, "\(lines)")
                #expect(boot.stderr.contains("note: \(says)"), "\(boot)")
                #expect(boot.stderr.contains(" sets the VF count of enp3s0f0 at boot: that is left to it"), "\(boot)")
            } else {
                #expect(
                    lines.first?.hasPrefix("WARN") == true && lines.first?.contains("nothing sets") == true, "\(lines)")
                #expect(boot.stdout.contains("sets the VF count of enp3s0f0") == false, "\(boot)")
            }
        }
    }

    @Test func `a VF that the host's DHCP client takes when it is back is given to no guest`() throws {
        try Rig.with(
            .pf("eth3", vfs: 3), .guest("a", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .guest("b", .pinned("eth3", 1, mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            #expect(try rig.vfpool("bind", "a", "b").status == 0)
            for words in ["start a", "start b", "destroy a"] { #expect(try rig.sh("virsh -q \(words)").status == 0) }
            #expect(try rig.sh("ip link set eth3v0 up && ip addr add 192.0.2.77/24 dev eth3v0").status == 0)
            let status = try rig.vfpool("status")
            #expect(status.stderr.contains("held by the host (address 192.0.2.77/24)"), "\(status)")
            let doctor = try rig.vfpool("doctor").lines("vf-protected")
            #expect(doctor.first?.hasPrefix("FAIL") == true, "\(doctor)")
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.virsh("start", "a").status == 0)
            #expect(try rig.state().guest("a")?.live.map(\.vf) == [OnRig.vf(2)])
            #expect(try rig.virsh("destroy", "b").status == 0)
            #expect(try rig.sh("ip link set eth3v1 up && ip addr add 192.0.2.78/24 dev eth3v1").status == 0)
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.virsh("start", "b").status != 0, "no VF is left")
            #expect(try rig.problems() == [])
        }
    }

    /// The helper that people with graphics cards install: it runs qemu.d/GUEST/WHEN/STATE.
    static let helper = """
        #!/bin/bash
        D="$(dirname "$0")/qemu.d/$1/$2/$3"
        if [ -d "$D" ]; then
            find -L "$D" -maxdepth 1 -type f -executable -print | while read -r file; do "$file" "$@"; done
        fi
        """

    @Test func `other people's hooks stay, and run`() throws {
        let hooks = "/etc/libvirt/hooks"
        try Rig.with(
            .pf("eth3", vfs: 3), .guest("win10", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .file("\(hooks)/qemu", Self.helper, mode: "755"),
            .file("\(hooks)/qemu.d/win10/prepare/begin/start.sh", "#!/bin/sh\necho \"$@\" >> /run/gpu\n", mode: "755"),
            .file("\(hooks)/network", "#!/bin/sh\necho network \"$@\" >> /run/gpu\n", mode: "755")
        ) { rig throws in
            for words in [["create", "eth3"], ["bind", "win10"], ["set", "win10", "--trust", "on"]] {
                #expect(try rig.start([Rig.vfpool] + words).wait().status == 0)
            }
            let installed = try rig.vfpool("hook", "install")
            #expect(installed.status == 0 && installed.stderr.contains("other hooks stay, and are run as well"))
            try rig.daemon(.restart)
            #expect(try rig.virsh("start", "win10").status == 0)
            // The folder is the helper's: libvirt runs what is in it no more than it runs a folder.
            let known = try rig.vfpool("hook", "status").stdout + rig.vfpool("doctor", "--problems").stdout
            #expect(known.contains("\(hooks)/network") && !known.contains("qemu.d/win10"), "\(known)")
            let said = try rig.sh("cat /run/gpu").stdout
            #expect(
                said.contains("win10 prepare begin") && said.contains("network vfpool-eth3 port-created"), "\(said)")
            #expect(try rig.sh("ip link show eth3").stdout.contains("trust on"))
            #expect(try rig.vfpool("hook", "remove").status == 0)
            let left = try rig.sh("cd \(hooks); find . -type f | sort").stdout
            #expect(left == "./network\n./qemu\n./qemu.d/win10/prepare/begin/start.sh\n")
        }
    }
}
