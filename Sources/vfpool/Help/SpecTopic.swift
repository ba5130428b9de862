/// `vfpool help spec`: the format of specs, also the text of vfpool.yaml(5).
enum SpecTopic {
    static let summary = "what should be on a host: PFs, pools and guests"

    static let description = """
        A spec is a YAML file, or a JSON file, that says what should be on a host. `vfpool export` prints the present state as \
        one, `vfpool diff -f FILE` compares, `vfpool apply -f FILE` makes the host match it. What a spec does not mention is \
        neither compared nor changed.

        null means none: it removes what is there, as `vlan: null` removes a VLAN. It may stand where there can be none, which is \
        noted below; elsewhere it is an error. {} and [] say nothing of what they stand for.
        """

    static let example = """
        version: 1
        host: kvm7                       # optional: refused on any other
        pfs:
          a0:36:9f:00:00:03: {vfs: 8, boot: true, hostDriver: false}
        pools:
          tenants:
            pf: a0:36:9f:00:00:03        # netdev, PCI address or permanent MAC; a list for several PFs
            vfs: 0-5
            vlan: 7
            settings: {maxRate: 1000}
            portgroups:
              dmz: {vlan: 42, default: true, settings: {spoofCheck: on}}
        guests:
          vm1:                           # interfaces are identified by their MACs
            - {mac: 52:54:00:00:00:01, pool: tenants, portgroup: dmz, settings: {trust: on}}
            - {mac: 52:54:00:00:00:02, pool: tenants, vlan: 43, failover: br0}
        """

    /// Keys, each with what it means, by the part of a spec that has them.
    static let parts: [(title: String, keys: [(key: String, text: String)])] = [
        (
            "A spec",
            [
                ("version", "1. Required."),
                ("host", "The only host that the spec is for, by name or UUID."),
                ("pfs", "PFs, by permanent MAC, PCI address or netdev."),
                ("pools", "Pools, by name."),
                ("guests", "Guests, by name: each a list of interfaces."),
                ("notes", "Of an export as JSON: what of the host a spec can't say. No effect."),
            ]
        ),
        (
            "A PF",
            [
                ("vfs", "How many VFs it has."),
                ("boot", "true: it has them at every boot, before libvirt starts, as by `vfpool boot`."),
                ("hostDriver", "Whether the host's drivers take new VFs."),
            ]
        ),
        (
            "A pool",
            [
                (
                    "pf",
                    "Its PF, or a list of PFs. In a list, each may be {pf: PF, vfs: 0-3}; apply makes pools of the same VFs of each."
                ),
                ("vfs", "Only these VFs of each PF, as 4-7,9; null: all."),
                ("exclude", "All VFs but these; null: none is excluded."),
                ("order", "With several PFs: interleaved, numa or listed."),
                (
                    "vlan",
                    "The VLAN of every interface on it, 1-4094; null: none. A list is a trunk, as [4, {id: 5, native: untagged}]: export prints one that is there, apply makes none, because a VF can't have it."
                ),
                ("autostart", "Whether it starts at boot; a new pool does."),
                (
                    "active",
                    "Whether it runs. Without it, it is to run; one whose managed or autostart is false is only started when it is made."
                ),
                (
                    "managed",
                    "false: a network made by hand that vfpool does not adopt. Else a network made by hand is adopted."
                ),
                ("driverModel", "The VFIO driver of its VFs; null: libvirt chooses."),
                ("iommufd", "Whether its VFs go through IOMMUFD; null: libvirt chooses."),
                (
                    "portgroups",
                    "By name, each with vlan, default (true or false) and settings; null removes one, or all. {}: there are no others, for --prune."
                ),
                ("settings", "VF settings of all its VFs; null: none."),
            ]
        ),
        (
            "An interface of a guest",
            [
                ("mac", "Its MAC, which identifies it. Required."),
                ("pool", "The pool that it is on. Required."),
                ("portgroup", "Its portgroup; null: none."),
                ("vlan", "Its own VLAN, which overrides the portgroup's and the pool's; null: none."),
                (
                    "failover",
                    "The network or bridge of the virtio card that stays when the VF is unplugged; null: none, the VF is left."
                ),
                ("settings", "VF settings, which override the portgroup's and the pool's; null: none."),
            ]
        ),
        (
            "Settings",
            [
                ("trust, spoofCheck", "on or off."),
                ("maxRate, minRate", "Mbit/s; 0: none."),
                ("linkState", "auto, enable or disable."),
                ("vlanQoS", "0-7."),
                ("vlanProtocol", "802.1Q or 802.1ad."),
                ("", "null or default removes a setting."),
            ]
        ),
    ]

    static let reading = """
        Values are plain text: 52:54:00:00:00:01 and 010 need no quotation marks, and `vfpool export` writes them where other \
        readers of YAML would take such a text for a number. true, on and yes are the same, as are false, off and no. Numbers are \
        written in decimal digits: not 0x10, 8.0 or 010, which an editor may take for one.

        Errors name file, line and column, and show the line. Not allowed are unknown keys, duplicate keys, empty names, anchors, \
        aliases and tags, tabs as indentation, more than one document in a file, text that is not UTF-8, a name of more than 1024 \
        bytes or with a control character, and more than 10 MiB.

        --file takes a file, - for stdin, or a folder: its .yaml, .yml and .json files in the order of their names. They are \
        fragments for one host, with each thing in one of them only, or one file per host, with `host`: those for other hosts are \
        left out. A spec is compared with the present state, never with what was applied last.
        """

    /// As `vfpool help spec` prints it.
    static var text: String {
        let tables = parts.map { part in
            part.title + ":\n"
                + part.keys.map { key, text in
                    "  " + key + String(repeating: " ", count: max(1, 19 - key.utf8.count)) + text
                }.joined(separator: "\n")
        }
        return ([description, example] + tables + [reading, "Its JSON Schema: `vfpool help spec --schema`."])
            .joined(separator: "\n\n")
    }

    /// vfpool.yaml(5).
    static var page: String {
        let keys = parts.map { part in
            Roff.section(
                part.title, part.keys.map { Roff.item(Roff.bold($0.key), $0.text) }.joined(separator: "\n"))
        }
        return
            ([
                Roff.title("vfpool.yaml", section: 5),
                Roff.section("Name", "vfpool.yaml \\- \(Roff.text(summary))"),
                Roff.section("Description", Roff.paragraphs(description)),
                Roff.section("Example", Roff.literal(example)),
            ] + keys + [
                Roff.section("Reading", Roff.paragraphs(reading)),
                Roff.section(
                    "See also",
                    ["export", "diff", "apply"].map { "\(Roff.bold("vfpool-" + $0))(1)" }.joined(separator: ",\n")),
            ]).joined(separator: "\n") + "\n"
    }
}
