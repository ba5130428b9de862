import TestSupport
import Text

/// A host on which everything that somebody else may name is called by a hostile name.
enum HostileHost {
    /// Those that libvirt's QEMU lets a guest have, and a network: each is a file's name, too. (A CR libvirt writes into its
    /// documents as it is, where it reads it as a newline: it can't define such a guest a second time.)
    static let names = Set((HostileNames.ofGuests + worst).map { Name($0) }).sorted().map(\.string).filter { name in
        !name.utf8.contains { [0x0A, 0x0D].contains($0) } && name.utf8.count <= 200
            && ![".", ".."].contains(bytes: name)
    }

    /// A few in which nearly everything is that a shell, a terminal or a format acts on; for what is done name by name.
    static let worst = [
        "'\u{301};>P;'\u{301} $(>P)`>P`\"\\%n", "\u{202E}\u{9B}31m`>P`\t;>P #", "--connect=qemu+ext:?command=>P",
        "x;>P;a", "-\u{301}x $IFS", "a'&>P", "e\u{301}", "0",
    ]

    /// Of PFs' netdevs: what the kernel admits, which is 15 bytes without `/`, `:` and blanks.
    static let netdevs = [
        "x;>P;a", "`>P`", "$(>P)", "--yes", "\u{202E}\u{9B}x", "'\u{301};>P;'", "n;>P\\", "\"&>P\"", "*", "~root",
        "!!", "<!--]]>",
    ]

    /// libvirt writes portgroups' names into documents without escaping them, so it has to be XML already.
    static let portgroups = names.filter { name in !name.utf8.contains { "'<&".utf8.contains($0) } }
    /// Its grammar takes letters, digits and these.
    static let portgroup = "-\\p"

    /// Of the pool that vfpool makes.
    static let pool = "pool$(>P)'\u{301};>P;'\u{301}`>P`\"\\%n \u{9B}"

    static let bridges = ["b;>P", "`>P`br", "--br"]

    /// A pool for each of these stands on the PF of that number, made by hand: libvirt's own grammar, which vfpool holds to,
    /// takes no such netdev.
    static let handmade = ["x;>P;a", "`>P`'\u{301}", "--pool", "$(>P)\u{9B}"]

    static func mac(_ number: Int) -> String {
        let digits = String(number + 256, radix: 16)
        return "52:54:00:00:0\(digits.prefix(1)):\(digits.suffix(2))"
    }

    /// - Parameter guests: names of guests that have a VF of eth3 pinned, and are off.
    static func parts(guests: [String]) -> [RigPart] {
        var parts: [RigPart] = [.pf("eth3", vfs: guests.count + 6, total: 255, bus: "40")]
        for (index, netdev) in netdevs.enumerated() {
            parts.append(
                .pf(
                    netdev, vfs: 2, driver: index == 2 ? "x;>P\u{9B}`" : nil,
                    hardware: RigHardware {
                        $0.vfPrefix = "p\(index)"
                        $0.altnames = index == 0 ? ["alt;>P;`x`'"] : nil
                    }))
        }
        parts.append(.netdev(netdevs[0], says: ["phys_port_name": "\u{9B}p;>P"]))
        for (index, name) in handmade.enumerated() {
            let groups = index == 0 ? portgroups.map { "<portgroup name=\"\(escaped($0))\"/>" }.joined() : ""
            parts.append(
                .network(
                    xml: """
                        <network><name>\(escaped(name))</name>\(index == 1 ? mark : "")<forward mode='hostdev' managed='yes'>\
                        <pf dev="\(escaped(netdevs[index]))"/></forward>\(groups)</network>
                        """))
        }
        for (index, name) in bridges.enumerated() {
            parts.append(
                .network(
                    xml: """
                        <network><name>\(escaped(worst[index]))</name><forward mode='bridge'/>\
                        <bridge name="\(escaped(name))"/></network>
                        """, active: false))
        }
        for (index, name) in guests.enumerated() {
            parts.append(.guest(xml: guest(name, index)))
        }
        return parts + files
    }

    /// vfpool's mark with what it would never write.
    private static let mark: String = {
        let text = escaped(worst[1])
        return """
            <metadata><vfpool:pool xmlns:vfpool="urn:vfpool:1"><vfpool:pf dev="\(text)" address="\(text)" mac="\(text)"/>\
            <vfpool:settings portgroup="\(text)" trust="\(text)"/></vfpool:pool></metadata>
            """
    }()

    /// Of guests by their owners: a title and a description, and marks of vfpool's that mean nothing.
    static func guest(_ name: String, _ index: Int) -> String {
        let text = escaped(worst[index % worst.count])
        let address = 0x80 + 2 * index
        let (bus, slot, function) = (0x40 + address >> 8, address >> 3 & 31, address & 7)
        func hex(_ number: Int) -> String { "0x" + String(number, radix: 16) }
        let settings =
            index == 7
            ? """
            <metadata><vfpool:guest xmlns:vfpool="urn:vfpool:1"><vfpool:settings mac="\(text)" trust="\(text)"/>\
            <vfpool:settings mac="\(mac(index))" trust="\(text)" max-rate="\(text)"/></vfpool:guest></metadata>
            """ : ""
        return """
            <domain type='qemu'><name>\(escaped(name))</name><title>\(text)</title><description>\(text)</description>\
            \(settings)<memory unit='MiB'>16</memory><vcpu>1</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os>\
            <devices><emulator>/usr/bin/qemu-system-x86_64</emulator><controller type='usb' model='none'/>\
            <memballoon model='none'/><interface type='hostdev' managed='yes'><mac address='\(mac(index))'/>\
            <source><address type='pci' domain='0x0000' bus='\(hex(bus))' slot='\(hex(slot))' function='\(hex(function))'/>\
            </source></interface></devices></domain>
            """
    }

    /// What the host's administrator, or a package, may have: setters of VF counts in files of odd names and odd lines.
    private static let files: [RigPart] = [
        .file(
            "/etc/udev/rules.d/70-`>P`\u{9B}.rules",
            "ACTION==\"add\", KERNEL==\"x;>P;a\", ATTR{device/sriov_numvfs}=\"3\"\n"),
        .file(
            "/etc/systemd/system/vf;>P`s`.service",
            "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo 4 > \"/sys/class/net/x;>P;a/device/sriov_numvfs\"'\n"
                + "[Install]\nWantedBy=multi-user.target\n"),
        .link(
            "/etc/systemd/system/multi-user.target.wants/vf;>P`s`.service", to: "/etc/systemd/system/vf;>P`s`.service"),
        .file("/etc/libvirt/hooks/network.d/x;>P\u{9B}`", "#!/bin/sh\nexit 0\n", mode: "755"),
    ]

    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if "<>&'\"".unicodeScalars.contains(scalar) || scalar.value < 0x20 {
                result.append(contentsOf: "&#\(scalar.value);".unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }
}
