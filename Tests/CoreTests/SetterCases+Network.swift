extension SetterCases {
    // MARK: netplan

    private static func netplan(_ name: String, _ verdict: String, _ ethernets: String) -> SetterCase {
        let text =
            "network:\n  version: 2\n  ethernets:\n"
            + ethernets.split(separator: "\n").map { "    \($0)\n" }.joined()
        return SetterCase("netplan: \(name)", verdict, "/etc/netplan/50-cloud-init.yaml", text)
    }

    static let netplan = [
        netplan(
            "a count", "4 -", "eno1:\n  dhcp4: true\neth3:\n  optional: true\n  virtual-function-count: 4\neth5: {}"),
        netplan(
            "comments and quotes", "4 -",
            "\"eth3\": # the PF\n  # virtual-function-count: 8\n  virtual-function-count: '4' # VFs"),
        netplan("as many as have a link", "2 -", "eth3: {}\nv0:\n  link: eth3\nv1: {link: eth3}"),
        netplan("an explicit count and links", "4 -", "eth3:\n  virtual-function-count: 4\nv0: {link: eth3}"),
        netplan(
            "more links than the count are refused", "- -",
            "eth3:\n  virtual-function-count: 1\nv0: {link: eth3}\nv1: {link: eth3}"),
        netplan("by MAC", "4 -", "lan0:\n  match:\n    macaddress: a0:36:9f:03:00:00\n  virtual-function-count: 4"),
        netplan(
            "by another MAC", "- -", "eth3:\n  match: {macaddress: \"b8:2a:71:be:ef:01\"}\n  virtual-function-count: 4"),
        netplan("by driver", "- 4", "lan0:\n  match: {driver: mlx5_core}\n  virtual-function-count: 4"),
        netplan("by drivers", "4 4", "lan0:\n  match:\n    driver: [\"ixgbe\", \"mlx*\"]\n  virtual-function-count: 4"),
        netplan("by a pattern", "4 4", "lan0:\n  match: {name: eth*}\n  virtual-function-count: 4"),
        netplan(
            "by its new name", "4 -",
            "lan0:\n  match: {macaddress: \"b8:2a:71:be:ef:01\"}\n  set-name: eth3\n  virtual-function-count: 4"),
        netplan("links to a PF by MAC", "1 -", "lan0:\n  match: {macaddress: \"A0:36:9F:03:00:00\"}\nv0: {link: lan0}"),
        netplan("none", "- -", "eth3:\n  dhcp4: true\n  embedded-switch-mode: switchdev"),
        SetterCase(
            "netplan: the link of a VLAN", "- -", "/etc/netplan/1.yaml",
            "network:\n  ethernets:\n    eth3: {}\n  vlans:\n    v7: {id: 7, link: eth3}\n"),
        netplan(
            "a text of several lines", "4 -", "eno1:\n  renderer: one\n    two\neth3:\n  virtual-function-count: 4"),
        netplan("what is not understood", "? ?", "eth3: &pf\n  virtual-function-count: 4"),
        SetterCase(
            "netplan: one line", "4 -", "/etc/netplan/1.yaml",
            "network: {version: 2, ethernets: {eth3: {virtual-function-count: 4}}}\n"),
        SetterCase(
            "netplan: JSON", "4 -", "/etc/netplan/1.yaml",
            "{\"network\":\n {\"ethernets\":\n  {\"eth3\":{\"virtual-function-count\":4}}}}\n"),
        SetterCase(
            "netplan: several files", "6 -",
            [
                "/etc/netplan/1.yaml": "network:\n  ethernets:\n    eth3: {virtual-function-count: 4}\n",
                "/etc/netplan/2.yaml": "network:\n  ethernets:\n    eth3: {virtual-function-count: 6}\n",
            ]),
        SetterCase(
            "netplan: of one name the one in /run", "6 -",
            [
                "/etc/netplan/1.yaml": "network: {ethernets: {eth3: {virtual-function-count: 4}}}\n",
                "/run/netplan/1.yaml": "network: {ethernets: {eth3: {virtual-function-count: 6}}}\n",
                "/etc/netplan/2.yaml.off": "network: {ethernets: {eth3: {virtual-function-count: 8}}}\n",
            ]),
        SetterCase(
            "netplan: its own udev rule sets nothing itself", "- -",
            [
                "/run/udev/rules.d/99-sriov-netplan-setup.rules":
                    "ACTION==\"add\", SUBSYSTEM==\"net\", ATTRS{sriov_totalvfs}==\"?*\", RUN+=\"/usr/sbin/netplan apply --sriov-only\"\n"
            ]),
    ]

    // MARK: NetworkManager

    private static func profile(_ name: String, _ verdict: String, _ text: String) -> SetterCase {
        SetterCase("profile: \(name)", verdict, "/etc/NetworkManager/system-connections/p.nmconnection", text + "\n")
    }

    private static func configuration(_ name: String, _ verdict: String, _ text: String) -> SetterCase {
        SetterCase("NetworkManager.conf: \(name)", verdict, "/etc/NetworkManager/conf.d/20-sriov.conf", text + "\n")
    }

    static let networkManager = [
        profile("by name", "4 -", "[connection]\nid=x\ntype=ethernet\ninterface-name=eth3\n[sriov]\ntotal-vfs=4"),
        profile("blanks", "4 -", "[connection]\ninterface-name = eth3\n[sriov]\ntotal-vfs = 4"),
        profile("of another", "- -", "[connection]\ninterface-name=ens9\n[sriov]\ntotal-vfs=4"),
        profile("by MAC", "4 -", "[connection]\nid=x\n[ethernet]\nmac-address=A0:36:9F:03:00:00\n[sriov]\ntotal-vfs=4"),
        profile(
            "by another MAC", "- -",
            "[connection]\nid=x\n[802-3-ethernet]\nmac-address=B8:2A:71:BE:EF:01\n[sriov]\ntotal-vfs=4"),
        profile("by a match", "- 4", "[connection]\nid=x\n[match]\ninterface-name=eth*;!eth3;\n[sriov]\ntotal-vfs=4"),
        profile("by a driver", "- 4", "[connection]\nid=x\n[match]\ndriver=mlx5_core;\n[sriov]\ntotal-vfs=4"),
        profile("by a path", "4 -", "[connection]\nid=x\n[match]\npath=pci-0000:03:00.0\n[sriov]\ntotal-vfs=4"),
        profile("of no device in particular", "? ?", "[connection]\nid=x\ntype=ethernet\n[sriov]\ntotal-vfs=4"),
        profile(
            "not connected by itself", "? -",
            "[connection]\ninterface-name=eth3\nautoconnect=false\n[sriov]\ntotal-vfs=4"),
        profile("of a VLAN", "- -", "[connection]\ntype=vlan\ninterface-name=eth3\n[sriov]\ntotal-vfs=4"),
        profile(
            "the section alone takes VFs away", "0 -", "[connection]\ninterface-name=eth3\n[sriov]\nautoprobe-drivers=0"
        ),
        profile("none", "- -", "[connection]\ninterface-name=eth3\n# [sriov]\n# total-vfs=4"),
        SetterCase(
            "profile: a copy that is left out", "- -", "/etc/NetworkManager/system-connections/p.nmconnection~",
            "[connection]\ninterface-name=eth3\n[sriov]\ntotal-vfs=4\n"),
        configuration("by name", "4 -", "[device-sriov]\nmatch-device=interface-name:eth3\nsriov-num-vfs=4"),
        configuration("by a pattern", "4 4", "[device]\nmatch-device=interface-name:~eth*\nsriov-num-vfs=4"),
        configuration("by a plain name", "4 -", "[device]\nmatch-device=lo,eth3\nsriov-num-vfs=4"),
        configuration("by MAC", "4 -", "[device]\nmatch-device=mac:a0:36:9f:03:00:00\nsriov-num-vfs=4"),
        configuration("by a plain MAC", "4 -", "[device]\nmatch-device=a0:36:9f:03:00:00\nsriov-num-vfs=4"),
        configuration("by driver", "- 4", "[device]\nmatch-device=driver:mlx5_core\nsriov-num-vfs=4"),
        configuration("all but one", "- 4", "[device]\nmatch-device=*,except:interface-name:eth3\nsriov-num-vfs=4"),
        configuration("all", "4 4", "[device]\nsriov-num-vfs = 4"),
        configuration("by type", "4 4", "[device]\nmatch-device=type:ethernet\nsriov-num-vfs=4"),
        configuration("of another", "- -", "[device]\nmatch-device=interface-name:ens9\nsriov-num-vfs=4"),
        configuration(
            "the first section that matches", "4 6",
            "[device-a]\nmatch-device=eth3\nsriov-num-vfs=4\n[device-b]\nsriov-num-vfs=6"),
        configuration("off", "- -", "[.config]\nenable=false\n[device]\nsriov-num-vfs=4"),
        SetterCase(
            "NetworkManager.conf: the last file counts most", "6 6",
            [
                "/etc/NetworkManager/NetworkManager.conf": "[device]\nsriov-num-vfs=4\n",
                "/etc/NetworkManager/conf.d/1.conf": "[device]\nsriov-num-vfs=6\n",
                "/usr/lib/NetworkManager/conf.d/9.conf": "[device]\nsriov-num-vfs=8\n",
            ]),
        SetterCase(
            "ifcfg: by name", "4 -", "/etc/sysconfig/network-scripts/ifcfg-eth3",
            "DEVICE=\"eth3\"\nSRIOV_TOTAL_VFS=\"4\"\n"),
        SetterCase(
            "ifcfg: by the file's name", "- 4", "/etc/sysconfig/network-scripts/ifcfg-eth4", "SRIOV_TOTAL_VFS=4\n"),
        SetterCase(
            "ifcfg: by MAC", "4 -", "/etc/sysconfig/network-scripts/ifcfg-lan",
            "HWADDR=A0:36:9F:03:00:00\nSRIOV_TOTAL_VFS=4\n"),
        SetterCase(
            "ifcfg: not at boot", "? -", "/etc/sysconfig/network-scripts/ifcfg-eth3",
            "DEVICE=eth3\nONBOOT=no\nSRIOV_TOTAL_VFS=4\n"),
    ]

    // MARK: ifupdown and wicked

    private static let up = "echo 4 > /sys/class/net/eth3/device/sriov_numvfs"

    private static func interfaces(_ name: String, _ verdict: String, _ text: String, _ more: [String: String] = [:])
        -> SetterCase
    {
        SetterCase("ifupdown: \(name)", verdict, more.merging(["/etc/network/interfaces": text + "\n"]) { $1 })
    }

    static let ifupdown = [
        interfaces(
            "post-up", "4 -",
            "auto eth3\niface eth3 inet manual\n  post-up \(up)\n  post-up for vf in $(ip link show eth3 | awk '/vf / {print $2}'); do ip link set eth3 vf $vf mac b8:2a:71:be:ef:${vf}; done"
        ),
        interfaces(
            "an address with backslashes", "4 -",
            "auto eth3\niface eth3 inet manual\n  up echo 4 > /sys/bus/pci/devices/0000\\:03\\:00.0/sriov_numvfs"),
        interfaces(
            "the interface's name", "- 4",
            "allow-hotplug eth4\niface eth4 inet dhcp\n\tpre-up echo 4 > /sys/class/net/$IFACE/device/sriov_numvfs"),
        interfaces("another interface's commands", "4 -", "auto lo\niface lo inet loopback\n  up \(up)"),
        interfaces("not set up at boot", "? -", "iface eth3 inet manual\n  up \(up)"),
        interfaces("when it goes down", "- -", "auto eth3\niface eth3 inet manual\n  down \(up)\n  post-down \(up)"),
        interfaces(
            "a script", "4 -", "auto eth3\niface eth3 inet manual\n  up /opt/vfs || true",
            ["/opt/vfs": "#!/bin/sh\n\(up)\n"]),
        interfaces(
            "a line that goes on", "4 -",
            "auto \\\n  eth3\niface eth3 inet manual\n  up echo 4 \\\n  > /sys/class/net/eth3/device/sriov_numvfs"),
        interfaces(
            "a file of another folder", "4 -", "auto eth3\nsource interfaces.d/*",
            ["/etc/network/interfaces.d/vfs": "iface eth3 inet manual\n  up \(up)\n"]),
        interfaces(
            "files of a folder", "4 -", "auto /eth*\nsource-directory /etc/network/more",
            ["/etc/network/more/vfs": "iface eth3 inet manual\n  up \(up)\n"]),
        interfaces(
            "it names itself", "4 -", "source /etc/network/interfaces\nauto eth3\niface eth3 inet manual\n  up \(up)"),
        SetterCase(
            "wicked: a script", "4 -",
            [
                "/etc/sysconfig/network/ifcfg-eth3": "BOOTPROTO='none'\nPRE_UP_SCRIPT='wicked:vfs'\n",
                "/etc/sysconfig/network/scripts/vfs": "#!/bin/bash\necho 4 > /sys/class/net/$1/device/sriov_numvfs\n",
            ]),
        SetterCase(
            "wicked: a script, as it was called before", "4 -",
            [
                "/etc/sysconfig/network/ifcfg-eth3": "POST_UP_SCRIPT='compat:suse:vfs'\n",
                "/etc/sysconfig/network/scripts/vfs": "#!/bin/bash\necho 4 > /sys/class/net/$1/device/sriov_numvfs\n",
            ]),
        SetterCase("wicked: none", "- -", "/etc/sysconfig/network/ifcfg-eth3", "BOOTPROTO=none\nPOST_UP_SCRIPT=\n"),
    ]

    // MARK: Lines and options

    static let lines = [
        SetterCase("sysfsutils: by name", "4 -", "/etc/sysfs.conf", "class/net/eth3/device/sriov_numvfs = 4\n"),
        SetterCase(
            "sysfsutils: by address", "4 -", "/etc/sysfs.d/vfs.conf", "bus/pci/devices/0000:03:00.0/sriov_numvfs=4\n"),
        SetterCase(
            "sysfsutils: a graphics card", "- -", "/etc/sysfs.conf", "class/drm/card0/device/sriov_numvfs = 7\n"),
        SetterCase(
            "sysfsutils: a mode", "- -", "/etc/sysfs.conf",
            "mode class/net/eth3/device/sriov_numvfs = 444\n# class/net/eth3/device/sriov_numvfs = 4\n"),
        SetterCase(
            "tmpfiles: by name", "4 -", "/etc/tmpfiles.d/vfs.conf",
            "w /sys/class/net/eth3/device/sriov_numvfs - - - - 4\n"),
        SetterCase(
            "tmpfiles: a pattern", "4 4", "/usr/lib/tmpfiles.d/vfs.conf",
            "w! /sys/class/net/*/device/sriov_numvfs - - - - 4\n"),
        SetterCase(
            "tmpfiles: another device", "- -", "/etc/tmpfiles.d/vfs.conf",
            "w /sys/devices/pci0000:00/0000:00:02.0/sriov_numvfs - - - - 7\n"),
        SetterCase(
            "tmpfiles: only its mode", "- -", "/etc/tmpfiles.d/vfs.conf",
            "z /sys/class/net/eth3/device/sriov_numvfs 0644 root root -\n"),
        SetterCase("module: of its driver", "4 -", "/etc/modprobe.d/ixgbe.conf", "options ixgbe max_vfs=4\n"),
        SetterCase(
            "module: of another driver", "- -", "/etc/modprobe.d/igb.conf",
            "options igb max_vfs=7\n# options ixgbe max_vfs=4\n"),
        SetterCase(
            "module: one for each", "6 -", "/etc/modprobe.d/ixgbe.conf",
            "options ixgbe allow_unsupported_sfp=1 max_vfs=6,4\n"),
        SetterCase(
            "module: another option", "- -", "/etc/modprobe.d/ixgbe.conf", "options ixgbe allow_unsupported_sfp=4\n"),
        SetterCase(
            "module: dashes and underscores", "- 2", "/etc/modprobe.d/mlx.conf", "options mlx5-core num_vfs=2\n"),
        SetterCase(
            "module: a command in its place", "4 -", "/etc/modprobe.d/ixgbe.conf",
            "install ixgbe /sbin/modprobe --ignore-install ixgbe && \(up)\n"),
        SetterCase(
            "module: the kernel's command line", "4 -", "/proc/cmdline", "ro ixgbe.max_vfs=4 igb.max_vfs=2 quiet\n"),
    ]

    // MARK: Scripts

    static let scripts = [
        SetterCase("cron: at boot", "4 -", "/etc/cron.d/vfs", "SHELL=/bin/sh\n@reboot root \(up)\n"),
        SetterCase("cron: root's own table", "4 -", "/var/spool/cron/crontabs/root", "# m h\n@reboot /opt/vfs %x\n")
            .with("/opt/vfs", "#!/bin/sh\n\(up)\n"),
        SetterCase("cron: where Red Hat has it", "4 -", "/var/spool/cron/root", "@reboot \(up)\n"),
        SetterCase(
            "cron: from time to time", "4 -", "/etc/crontab",
            "PF=eth3\n*/5 * * * * root echo 4 > /sys/class/net/$PF/device/sriov_numvfs\n"),
        SetterCase(
            "cron: reading", "- -", "/etc/cron.d/vfs",
            "@hourly root cat /sys/class/net/eth3/device/sriov_numvfs >> /var/log/vfs\n"),
        SetterCase("cron: hourly", "4 -", "/etc/cron.hourly/vfs", "#!/bin/sh\n\(up)\n"),
        SetterCase("rc.local: a script", "4 -", "/etc/rc.local", "#!/bin/sh -e\n/opt/vfs\nexit 0\n").with(
            "/opt/vfs", "#!/bin/bash\n\(up)\n"),
        SetterCase(
            "init.d: a start script", "4 -", "/etc/rc2.d/S50vfs",
            "#!/bin/sh\ncase \"$1\" in\nstart) \(up);;\nstop) echo 0 > /sys/class/net/eth3/device/sriov_numvfs;;\nesac\n"
        ),
        SetterCase(
            "ifupdown: a script for one interface", "4 -", "/etc/network/if-up.d/sriov",
            "#!/bin/sh\n[ \"$IFACE\" = eth3 ] && echo 4 > /sys/class/net/$IFACE/device/sriov_numvfs\n"),
        SetterCase(
            "ifupdown: a script for any", "? ?", "/etc/network/if-up.d/sriov",
            "#!/bin/sh\necho 4 > /sys/class/net/$IFACE/device/sriov_numvfs\n"),
        SetterCase(
            "NetworkManager: a dispatcher's script", "- 4", "/etc/NetworkManager/dispatcher.d/vfs",
            "#!/bin/bash\nif [[ $1 == eth4 && $2 == up ]]; then echo 4 > /sys/class/net/$1/device/sriov_numvfs; fi\n"),
        SetterCase(
            "Red Hat: what ifup calls", "5 -",
            [
                "/sbin/ifup-local": "#!/bin/bash\n/etc/sysconfig/allocate_vfs $1\n",
                "/etc/sysconfig/allocate_vfs":
                    "#!/bin/bash\n[ \"eth3\" == \"$1\" ] && echo 5 > /sys/class/net/eth3/device/sriov_numvfs\n[ \"eth9\" == \"$1\" ] && echo 8 > /sys/class/net/eth9/device/sriov_numvfs\n",
            ]),
        SetterCase("cloud-init: at every boot", "4 -", "/var/lib/cloud/scripts/per-boot/vfs.sh", "#!/bin/sh\n\(up)\n"),
        SetterCase("libvirt: a hook", "4 -", "/etc/libvirt/hooks/daemon", "#!/bin/sh\n[ \"$2\" = start ] && \(up)\n"),
    ]

    // MARK: Other programs' lists

    static let programs = [
        SetterCase(
            "os-net-config", "4 -", "/var/lib/os-net-config/sriov_config.yaml",
            "- device_type: pf\n  link_mode: legacy\n  name: eth3\n  numvfs: 4\n- device: {name: eth4, vfid: 1}\n  device_type: vf\n  name: eth4_1\n"
        ),
        SetterCase(
            "sriov-netplan-shim", "- 8", "/etc/sriov-netplan-shim/interfaces.yaml",
            "interfaces:\n  enp9s0:\n    num_vfs: 4\n  eth4:\n    num_vfs: 8\n"),
        SetterCase(
            "the network operator", "4 -", "/etc/sriov-operator/sriov-interface-config.yaml",
            "spec:\n  interfaces:\n  - pciaddress: \"0000:03:00.0\"\n    numvfs: 4\n    name: ens9\n  - pciaddress: \"0000:81:00.0\"\n    numvfs: 8\nunsupportednics: false\n"
        ),
        SetterCase(
            "nmstate", "4 -", "/etc/nmstate/vfs.yml",
            "interfaces:\n  - name: eth3\n    type: ethernet\n    ethernet:\n      sr-iov:\n        total-vfs: 4\n  - name: eth4\n    mtu: 9000\n"
        ),
        SetterCase(
            "VDSM", "- 4", "/var/lib/vdsm/persistence/netconf/devices/eth4",
            "{\n    \"sriov\": {\n        \"numvfs\": 4\n    }\n}"),
    ]
}

extension SetterCase {
    fileprivate func with(_ path: String, _ text: String) -> SetterCase {
        SetterCase(name, verdict, files.merging([path: text]) { $1 })
    }
}
