import Text

/// Whether a netdev's name tells nothing: the kernel, systemd or libvirt gave it, by a rule.
package enum NetdevName {
    private static let prefixes: [String] = [
        "eth", "eno", "ens", "enp", "enP", "ib", "ibp", "ibs", "br", "virbr", "vnet", "bond", "team", "macvtap",
        "macvtap", "tap",
        "dummy", "wlan", "ovs-br", "hostdev",
    ]

    package static func isUsual(_ name: String) -> Bool {
        if name.isSame(as: "lo") || isDisk(name) { return true }
        return prefixes.contains { prefix in
            guard let rest = name.without(prefix: prefix), let first = rest.utf8.first, first.isDigit else {
                return false
            }
            // `enp3s0f1np1`, `enP2p1s0v3`, `bond0.42`: numbers, each after one of systemd's letters.
            return isByRule(Array(rest.utf8))
        }
    }

    private static func isByRule(_ bytes: [UInt8]) -> Bool {
        var letters = 0
        for byte in bytes {
            if byte.isDigit {
                letters = 0
            } else if byte.isOne(of: "psfdnviurc.") {
                letters += 1
                if letters > 2 { return false }
            } else {
                return false
            }
        }
        return letters == 0
    }

    /// `vda`, as a guest calls it.
    private static func isDisk(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return bytes.count == 3 && bytes[0].isOne(of: "vsh") && bytes[1] == UInt8(ascii: "d") && bytes[2].isLetter
    }

    /// `net0`, `pci.1`, `hostdev12`: as libvirt names a guest's devices.
    package static func endsInNumber(_ name: String) -> Bool {
        let words = [
            "net", "hostdev", "pci.", "pcie.", "video", "input", "virtio-disk", "serial", "channel", "balloon", "rng",
            "usb",
            "sata0-0-", "ide0-0-", "ide", "virtio-serial", "watchdog", "sound", "redir", "console", "charconsole",
            "graphics",
        ]
        return words.contains { word in
            name.without(prefix: word).map { !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) || $0.isEmpty } ?? false
        }
    }
}
