/// `vfpool help spec`: the format of specs, also the text of vfpool.yaml(5).
enum SpecTopic {
    static let summary = "what should be on a host: PFs, pools and guests"

    static let description = """
        A spec is a YAML file, or a JSON file, that says what should be on a host. `vfpool export` prints the present state as \
        one, `vfpool diff -f FILE` compares, `vfpool apply -f FILE` makes the host match it. What a spec does not mention is \
        neither compared nor changed. null means none: `vlan: null` removes a VLAN.
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
                ("exclude", "All VFs but these."),
                ("order", "With several PFs: interleaved, numa or listed."),
                ("vlan", "The VLAN of every interface on it, 1-4094; null: none."),
                ("autostart", "Whether it starts at boot."),
                (
                    "managed",
                    "false: a network made by hand that vfpool does not adopt. Else a network made by hand is adopted."
                ),
                ("driverModel", "The VFIO driver of its VFs; null: libvirt chooses."),
                ("iommufd", "Whether its VFs go through IOMMUFD; null: libvirt chooses."),
                ("portgroups", "By name, each with vlan, default (true or false) and settings."),
                ("settings", "VF settings of all its VFs."),
            ]
        ),
        (
            "An interface of a guest",
            [
                ("mac", "Its MAC, which identifies it. Required."),
                ("pool", "The pool that it is on. Required."),
                ("portgroup", "Its portgroup; null: none."),
                ("vlan", "Its own VLAN, which overrides the portgroup's and the pool's; null: none."),
                ("failover", "The network or bridge of the virtio card that stays when the VF is unplugged."),
                ("settings", "VF settings, which override the portgroup's and the pool's."),
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
        Values are plain text: 52:54:00:00:00:01 and 010 need no quotation marks. Anchors, aliases, tags, tabs \
        as indentation, duplicate keys and unknown keys are errors, each with file, line and column. A folder is read in the \
        order of its files' names (.yaml, .yml, .json): they are fragments for one host, or one file per host, and those for \
        other hosts are left out. A spec is compared with the present state, never with what was applied last.
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
