/// Files as hosts have them, and the counts that they give eth3 and eth4 of `BootHost`.
enum SetterCases {
    /// A file of each kind.
    static let paths = [
        "/etc/udev/rules.d/1.rules", "/etc/systemd/network/1.link", "/etc/netplan/1.yaml", "/etc/crontab",
        "/etc/NetworkManager/system-connections/1", "/etc/NetworkManager/conf.d/1.conf", "/etc/network/interfaces",
        "/etc/tmpfiles.d/1.conf", "/etc/modprobe.d/1.conf", "/etc/sysconfig/network/ifcfg-eth3", "/etc/sysfs.conf",
        "/etc/sriov-netplan-shim/interfaces.yaml", "/etc/nmstate/1.yml", "/etc/sysconfig/network-scripts/ifcfg-eth3",
        "/etc/systemd/system/a.service", "/etc/systemd/system/multi-user.target.wants/a.service",
    ]

    // MARK: systemd's units

    private static func unit(_ name: String, _ verdict: String, _ service: String, _ more: [String: String] = [:])
        -> SetterCase
    {
        let files = [
            "/etc/systemd/system/vfs.service":
                "[Unit]\nDescription=VFs\n[Service]\nType=oneshot\n\(service)\n[Install]\nWantedBy=multi-user.target\n",
            // A link would do the same.
            "/etc/systemd/system/multi-user.target.wants/vfs.service": "",
        ]
        return SetterCase("unit: \(name)", verdict, files.merging(more) { $1 })
    }

    private static let write = "echo 4 > /sys/class/net/eth3/device/sriov_numvfs"

    static let units = [
        unit("by a shell", "4 -", "ExecStart=/bin/sh -c '\(write)'"),
        unit("without a shell there is no redirection", "- -", "ExecStart=/bin/\(write)"),
        unit("only when it stops", "- -", "ExecStart=/bin/true\nExecStop=/bin/sh -c '\(write)'"),
        unit("before", "4 -", "ExecStartPre=-/bin/sh -c \"\(write)\"\nExecStart=/bin/true"),
        unit(
            "several lines", "4 8",
            "ExecStart=/bin/sh -c '\(write)'\nExecStart=/bin/sh -c 'echo 8 > /sys/class/net/eth4/device/sriov_numvfs'"),
        unit("a line that goes on", "4 -", "ExecStart=/bin/sh -c \\\n  '\(write)'"),
        unit("blanks", "4 -", "ExecStart = /bin/sh -c '\(write)'"),
        unit(
            "emptied by a drop-in", "- -", "ExecStart=/bin/sh -c '\(write)'",
            [
                "/etc/systemd/system/vfs.service.d/1.conf": "[Service]\nExecStart=\nExecStart=/bin/true\n"
            ]),
        unit(
            "only in a drop-in", "4 -", "ExecStart=/bin/true",
            [
                "/run/systemd/system/vfs.service.d/1.conf": "[Service]\nExecStartPost=/bin/sh -c '\(write)'\n"
            ]),
        unit(
            "a variable", "6 -", "Environment=PF=eth3 \"N=6\"\nExecStart=/opt/vfs ${PF} $N",
            [
                "/opt/vfs": "#!/bin/sh\necho $2 > /sys/class/net/$1/device/sriov_numvfs\n"
            ]),
        unit(
            "a variable's file", "6 -", "EnvironmentFile=-/etc/default/vfs\nExecStart=/opt/vfs",
            [
                "/etc/default/vfs": "# VFs\nPF='eth3'\nN=6\n",
                "/opt/vfs": "#!/bin/bash\nset -e\necho \"$N\" > \"/sys/class/net/$PF/device/sriov_numvfs\"\n",
            ]),
        SetterCase(
            "unit: a template", "- 8",
            [
                "/etc/systemd/system/vfs@.service":
                    "[Service]\nExecStart=/bin/sh -c 'echo 8 > /sys/class/net/%i/device/sriov_numvfs'\n",
                "/etc/systemd/system/multi-user.target.wants/vfs@eth4.service": "",
            ]),
        SetterCase(
            "unit: not wanted by anything", "- -",
            [
                "/etc/systemd/system/vfs.service": "[Service]\nExecStart=/bin/sh -c '\(write)'\n"
            ]),
        SetterCase(
            "unit: wanted by another unit", "4 -",
            [
                "/etc/systemd/system/vfs.service": "[Service]\nExecStart=/bin/sh -c '\(write)'\n",
                "/etc/systemd/system/a.service": "[Unit]\nWants=vfs.service\n[Service]\nExecStart=/bin/true\n",
                "/etc/systemd/system/multi-user.target.wants/a.service": "",
            ]),
        SetterCase(
            "unit: of a timer", "4 -",
            [
                "/etc/systemd/system/vfs.service": "[Service]\nExecStart=/bin/sh -c '\(write)'\n",
                "/etc/systemd/system/vfs.timer": "[Timer]\nOnBootSec=1\n",
                "/etc/systemd/system/timers.target.wants/vfs.timer": "",
            ]),
        SetterCase(
            "unit: of a socket", "4 -",
            [
                "/usr/lib/systemd/system/virtqemud.service": "[Service]\nExecStart=/usr/sbin/virtqemud\n",
                "/etc/systemd/system/virtqemud.service.d/vfs.conf": "[Service]\nExecStartPre=/bin/sh -c '\(write)'\n",
                "/usr/lib/systemd/system/virtqemud.socket": "[Socket]\nListenStream=/run/x\n",
                "/etc/systemd/system/sockets.target.wants/virtqemud.socket": "",
            ]),
        SetterCase(
            "unit: of a socket by another name", "4 -",
            [
                "/etc/systemd/system/vfs.service": "[Service]\nExecStart=/bin/sh -c '\(write)'\n",
                "/etc/systemd/system/a.socket": "[Socket]\nListenStream=/run/x\nService=vfs.service\n",
                "/etc/systemd/system/sockets.target.wants/a.socket": "",
            ]),
        SetterCase(
            "unit: libvirt's own", "4 -",
            [
                "/usr/lib/systemd/system/libvirtd.service": "[Service]\nExecStart=/usr/sbin/libvirtd\n",
                "/etc/systemd/system/libvirtd.service.d/vfs.conf": "[Service]\nExecStartPre=/bin/sh -c '\(write)'\n",
                "/etc/systemd/system/multi-user.target.wants/libvirtd.service": "",
            ]),
        SetterCase(
            "unit: required by libvirt's own", "10 -",
            [
                "/etc/systemd/system/interface-vf@.service":
                    "[Service]\nType = oneshot\nExecStart = sh -c \"echo  0 >/sys/class/net/%i/device/sriov_drivers_autoprobe\"\nExecStart = sh -c \"echo 10 >/sys/class/net/%i/device/sriov_numvfs\"\nExecStop  = sh -c \"echo  0 >/sys/class/net/%i/device/sriov_numvfs\"\n",
                "/usr/lib/systemd/system/libvirtd.service": "[Service]\nExecStart=/usr/sbin/libvirtd\n",
                "/etc/systemd/system/libvirtd.service.d/override.conf": "[Unit]\nRequires=interface-vf@eth3.service\n",
                "/etc/systemd/system/multi-user.target.wants/libvirtd.service": "",
            ]),
        unit("a program of os-net-config", "- -", "ExecStart=/usr/bin/os-net-config-sriov"),
        unit("a VF's MAC alone", "- -", "ExecStart=/usr/sbin/ip link set eth3 vf 0 mac 52:54:00:00:00:01"),
        unit("of another card", "- -", "ExecStart=/bin/sh -c 'echo 4 > /sys/class/net/ens9/device/sriov_numvfs'"),
    ]

    // MARK: udev

    private static func rule(_ verdict: String, _ rule: String) -> SetterCase {
        SetterCase("udev: \(rule)", verdict, "/etc/udev/rules.d/70-vfs.rules", rule + "\n")
    }

    private static let net = "ACTION==\"add\", SUBSYSTEM==\"net\", "
    private static let set = "ATTR{device/sriov_numvfs}=\"4\""
    private static let pci = "ACTION==\"add\", SUBSYSTEM==\"pci\", "
    private static let setPCI = "ATTR{sriov_numvfs}=\"4\""

    static let udev = [
        rule("4 -", net + "KERNEL==\"eth3\", " + set), rule("4 4", net + "KERNEL==\"eth*\", " + set),
        rule("4 -", net + "KERNEL!=\"eth4\", " + set), rule("4 4", net + "KERNEL==\"eth3|eth4\", " + set),
        rule("- 4", net + "KERNEL==\"lo|eth[4-9]\", " + set), rule("4 -", net + "NAME==\"eth3\", " + set),
        rule("4 -", net + "ENV{ID_NET_DRIVER}==\"ixgbe\", " + set), rule("4 -", net + "DRIVERS==\"ixgbe\", " + set),
        rule("- -", net + "ENV{ID_NET_DRIVER}==\"bnxt_en\", " + set), rule("- -", net + "DRIVER==\"ixgbe\", " + set),
        rule("4 -", net + "ENV{ID_PATH}==\"pci-0000:03:00.0\", " + set),
        rule("- -", net + "ENV{ID_PATH}==\"pci-0000:81:00.0\", " + set),
        rule("4 -", net + "KERNELS==\"0000:03:00.0\", " + set), rule("- -", net + "KERNELS==\"0000:82:00.0\", " + set),
        rule("4 -", net + "SUBSYSTEMS==\"pci\", DRIVERS==\"ixgbe\", KERNELS==\"0000:03:*\", " + set),
        rule("- -", net + "KERNELS==\"0000:00:01.0\", DRIVERS==\"ixgbe\", " + set),
        rule("4 -", net + "ATTR{address}==\"a0:36:9f:03:00:00\", " + set),
        rule("- -", net + "ATTR{address}==\"b8:2a:71:be:ef:01\", " + set),
        rule("4 -", net + "ATTR{address}==i\"A0:36:9F:03:00:00\", " + set),
        rule("- 4", net + "ATTRS{vendor}==\"0x15b3\", " + set),
        rule("4 4", net + "ATTRS{sriov_totalvfs}==\"?*\", " + set),
        rule("- -", pci + "ATTR{vendor}==\"0x1077\", ATTR{device}==\"0x1017\", " + setPCI),
        rule("- 4", pci + "ATTR{vendor}==\"0x15b3\", ATTR{device}==\"0x1017\", " + setPCI),
        rule("- -", pci + "ATTR{class}==\"0x030000\", " + setPCI),
        rule("4 4", pci + "ATTR{class}==\"0x020000\", " + setPCI),
        rule("4 -", pci + "KERNEL==\"0000:03:00.0\", " + setPCI),
        rule("4 -", "KERNEL==\"0000:03:00.0\", RUN+=\"/bin/sh -c 'echo 4 > /sys$devpath/sriov_numvfs'\""),
        rule("- -", pci + "KERNEL==\"eth3\", " + set), rule("- -", "ACTION==\"remove\", KERNEL==\"eth3\", " + set),
        rule("? -", "ACTION==\"change\", KERNEL==\"eth3\", " + set),
        rule("4 -", "ACTION!=\"remove\", KERNEL==\"eth3\", " + set),
        rule("8 -", net + "KERNEL==\"eth3\", ATTR{device/sriov_numvfs}=\"$attr{device/sriov_totalvfs}\""),
        rule("4 -", net + "KERNEL==\"eth3\", \\\n  # which one\n  " + set),
        rule("4 -", net + "KERNEL==\"eth3\", RUN+=\"/bin/sh -c 'echo 4 > /sys/class/net/%k/device/sriov_numvfs'\""),
        rule(
            "4 -",
            net + "KERNEL==\"eth3\", RUN{program}+=\"/bin/bash -c 'echo 4 > /sys/class/net/$name/device/sriov_numvfs'\""
        ),
        rule(
            "4 -",
            net
                + "KERNEL==\"eth3\", PROGRAM==\"/bin/sh -c 'echo 4 > /sys/class/net/$env{INTERFACE}/device/sriov_numvfs'\""
        ),
        rule("4 -", "KERNEL==\"eth3\", RUN+=\"/bin/os-net-config-sriov -n %k:4\""),
        rule("? -", net + "KERNEL==\"eth3\", PROGRAM==\"/opt/is-it\", " + set),
        rule("? ?", net + "ENV{MY_CARD}==\"1\", " + set),
        rule("4 -", "SUBSYSTEM!=\"net\", GOTO=\"end\"\nKERNEL==\"eth3\", " + set + "\nLABEL=\"end\""),
        rule("- -", "SUBSYSTEM==\"net\", GOTO=\"end\"\nKERNEL==\"eth3\", " + set + "\nLABEL=\"end\""),
        rule("? -", "ENV{MY_CARD}==\"1\", GOTO=\"end\"\nKERNEL==\"eth3\", " + set + "\nLABEL=\"end\""),
        rule("4 ?", "KERNEL==\"eth3\", ENV{MY_CARD}=\"1\"\nENV{MY_CARD}==\"1\", " + set),
        rule("4 -", "ATTR{[pci/0000:03:00.0]sriov_numvfs}=\"4\""),
        rule("- -", "ATTR{[pci/0000:09:00.0]sriov_numvfs}=\"4\""),
        rule("4 4", net + "TEST==\"device/sriov_numvfs\", " + set),
        rule("- -", net + "TEST!=\"device/sriov_numvfs\", " + set),
        // The kernel's first name for a netdev may have been any of these; `lo` is somebody else's.
        rule("- -", net + "KERNEL==\"enp9s0\", " + set), rule("- -", net + "KERNEL==\"lo\", " + set),
        rule("- -", net + "KERNEL==\"eth3\", ATTR{device/sriov_numvfs}==\"4\""),
        // Of a line with a fault in it, some releases of udev take the beginning.
        rule("? -", net + "KERNEL==\"eth3\" " + set + " x"), rule("? -", net + "KERNEL==\"eth3\", " + set + ";"),
        // What it is now is not what it is at boot.
        rule("4 4", net + "ATTR{device/sriov_totalvfs}==\"?*\", ATTR{device/sriov_numvfs}==\"0\", " + set),
        rule("? -", net + "KERNEL==\"eth3\", ATTR{operstate}==\"up\", " + set),
        rule("4 -", pci + "KERNEL==\"0000:03:00.0\", ATTR{sriov_numvfs}==\"0\", " + setPCI),
        // The second line is a rule of its own, and for every netdev.
        rule("4 4", net + "ENV{ID_NET_DRIVER}==\"ixgbe\",\n" + set),
        SetterCase(
            "udev: a unit that a rule starts", "- 4",
            [
                "/etc/udev/rules.d/1.rules": net
                    + "ENV{ID_NET_DRIVER}==\"mlx5_core\", TAG+=\"systemd\", ENV{SYSTEMD_WANTS}+=\"vfs@%k.service\"\n",
                "/etc/systemd/system/vfs@.service":
                    "[Service]\nExecStart=/bin/sh -c 'echo 4 > /sys/class/net/%I/device/sriov_numvfs'\n",
            ]),
        SetterCase(
            "udev: a file of the same name counts first in /etc", "- -",
            [
                "/etc/udev/rules.d/1.rules": "", "/usr/lib/udev/rules.d/1.rules": net + "KERNEL==\"eth3\", " + set,
            ]),
        SetterCase(
            "udev: what udev's database says", "4 ?",
            [
                "/etc/udev/rules.d/1.rules": net + "ENV{ID_NET_NAME_SLOT}==\"ens1\", " + set + "\n",
                "/run/udev/data/n102": "E:ID_NET_NAME_SLOT=ens1\nE:ID_PATH=pci-0000:03:00.0\n",
            ]),
    ]

    // MARK: .link files

    private static func link(_ verdict: String, _ match: String, _ rest: String = "[Link]\nSR-IOVVirtualFunctions=4")
        -> SetterCase
    {
        SetterCase(".link: \(match) \(rest)", verdict, "/etc/systemd/network/10-a.link", "[Match]\n\(match)\n\(rest)\n")
    }

    static let links = [
        link("4 -", "OriginalName=eth3"), link("4 4", "OriginalName=eth*"), link("4 4", "OriginalName=lo eth3 eth4"),
        link("- 4", "OriginalName=!eth3"), link("- -", "OriginalName=enp9s0"),
        link("4 -", "Path=pci-0000:03:00.0"), link("- -", "Path=pci-0000:81:00.0"), link("4 -", "Path=pci-0000:03:*"),
        link("4 -", "Driver=ixgbe"), link("- -", "Driver=bnxt_en"), link("4 -", "Driver=!mlx5_core"),
        link("4 -", "MACAddress=a0:36:9f:03:00:00"), link("4 -", "PermanentMACAddress=A0-36-9F-03-00-00"),
        link("- -", "MACAddress=b8:2a:71:be:ef:01"), link("4 -", "MACAddress=a036.9f03.0000"),
        link("4 4", "Type=ether"), link("- -", "Type=wlan"), link("- -", "Kind=bridge"), link("? ?", "Host=kvm7"),
        link("4 -", "OriginalName=eth3\nDriver=ixgbe"), link("- -", "OriginalName=eth3\nDriver=mlx5_core"),
        link("4 4", "Property=ID_BUS=pci"), link("? ?", "Property=MY_CARD=1"),
        link("- 4", "Property=ID_NET_DRIVER=mlx5_core"),
        link("4 -", "OriginalName=eth9\nOriginalName=eth3"),
        link("4 -", "OriginalName=eth9\nOriginalName=\nOriginalName=eth3"),
        link("4 -", "OriginalName = eth3", "[Link]\nSR-IOVVirtualFunctions = 4"), link("- -", "# OriginalName=eth3"),
        link("0 -", "OriginalName=eth3", "[Link]\nSR-IOVVirtualFunctions=0"),
        link("- -", "OriginalName=eth3", "[Link]\nSR-IOVVirtualFunctions=4\nSR-IOVVirtualFunctions="),
        link("n -", "OriginalName=eth3", "[Link]\nSR-IOVVirtualFunctions=many"),
        link(
            "4 -", "OriginalName=eth3",
            "[SR-IOV]\nVirtualFunction=3\nMACAddress=52:54:00:00:00:01\n[SR-IOV]\nVirtualFunction=1"),
        link("6 -", "OriginalName=eth3", "[Link]\nSR-IOVVirtualFunctions=6\n[SR-IOV]\nVirtualFunction=3"),
        link("- -", "OriginalName=eth3", "[Link]\n# SR-IOVVirtualFunctions=4"),
        link("- -", "OriginalName=eth3", "[Link]\nNamePolicy=kernel"),
        SetterCase(
            ".link: the first that matches", "6 4",
            [
                "/etc/systemd/network/10-a.link": "[Match]\nOriginalName=eth3\n[Link]\nSR-IOVVirtualFunctions=6\n",
                "/usr/lib/systemd/network/20-b.link": "[Match]\nOriginalName=*\n[Link]\nSR-IOVVirtualFunctions=4\n",
            ]),
        SetterCase(
            ".link: the first sets none", "- 4",
            [
                "/run/systemd/network/10-a.link": "[Match]\nOriginalName=eth3\n[Link]\nMTUBytes=9000\n",
                "/etc/systemd/network/20-b.link": "[Match]\nOriginalName=*\n[Link]\nSR-IOVVirtualFunctions=4\n",
            ]),
        SetterCase(
            ".link: the first may match", "? ?",
            [
                "/etc/systemd/network/10-a.link": "[Match]\nHost=kvm7\n[Link]\nMTUBytes=9000\n",
                "/etc/systemd/network/20-b.link": "[Match]\nOriginalName=*\n[Link]\nSR-IOVVirtualFunctions=4\n",
            ]),
        SetterCase(
            ".link: of one name the first folder's", "- -",
            [
                "/etc/systemd/network/10-a.link": "[Match]\nOriginalName=eth3\n[Link]\nMTUBytes=9000\n",
                "/usr/lib/systemd/network/10-a.link": "[Match]\nOriginalName=eth3\n[Link]\nSR-IOVVirtualFunctions=4\n",
            ]),
        SetterCase(
            ".link: a drop-in", "4 -",
            [
                "/etc/systemd/network/10-a.link": "[Match]\nOriginalName=eth3\n[Link]\nMTUBytes=9000\n",
                "/etc/systemd/network/10-a.link.d/vfs.conf": "[Link]\nSR-IOVVirtualFunctions=4\n",
            ]),
        SetterCase(
            ".link: a drop-in that is left out", "- -",
            [
                "/etc/systemd/network/10-a.link": "[Match]\nOriginalName=eth3\n",
                "/etc/systemd/network/10-a.link.d/vfs.conf.off": "[Link]\nSR-IOVVirtualFunctions=4\n",
                "/etc/systemd/network/10-b.link.d/vfs.conf": "[Link]\nSR-IOVVirtualFunctions=4\n",
            ]),
        SetterCase(
            ".link: without a match", "- -", "/etc/systemd/network/10-a.link", "[Link]\nSR-IOVVirtualFunctions=4\n"),
    ]
}
