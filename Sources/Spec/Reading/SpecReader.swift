import Model
import SRIOV
import Text
import YAML

/// From a YAML text's parts to what they say of a host.
struct SpecReader {
    private let text: SpecText

    init(_ text: SpecText) { self.text = text }

    static let version = 1

    func spec(_ root: Node) throws(Failure) -> HostSpec {
        let map = try MapReader(root, "a spec", keys: ["version", "host", "pfs", "pools", "guests", "notes"], text)
        guard let version = map.node("version") else {
            throw text.failure(
                "it does not say which version of specs it is", at: nil, hints: ["begin with: version: 1"])
        }
        let scalar = try SpecScalar(version, "version", text)
        guard Name(scalar.text) == Name(String(Self.version)) else {
            throw scalar.failure("has to be \(Self.version)", hints: ["a later vfpool may know more versions"])
        }
        var spec = HostSpec(host: try map.name("host"))
        for entry in try entries(map, "pfs", of: "a PF") { spec.pfs.append(try pf(entry)) }
        for entry in try entries(map, "pools", of: "a pool") { spec.pools.append(try pool(entry)) }
        for entry in try entries(map, "guests", of: "a guest") { spec.guests.append(try guest(entry)) }
        try checkMACs(map, spec)
        spec.notes = try notes(map)
        return spec
    }

    /// - Parameter what: each of them is: `a pool`.
    private func entries(_ map: MapReader, _ key: Name, of what: String) throws(Failure) -> [Node.Entry] {
        guard let node = map.node(key) else { return [] }
        let entries = try MapReader.entries(node, key.string, text)
        for entry in entries {
            guard !entry.key.isEmpty else { throw text.failure("\(what) needs a name", at: entry.place) }
            guard !entry.key.hasControl else {
                throw text.failure("the name of \(what) has a control character", at: entry.place)
            }
        }
        return entries
    }

    /// What an export could not say: they are read as texts, and mean nothing.
    private func notes(_ map: MapReader) throws(Failure) -> [Name] {
        guard let node = map.node("notes") else { return [] }
        guard case .list(let items) = node.content else {
            throw text.failure("notes has to be a list of texts", at: node.place)
        }
        return try items.map { (item) throws(Failure) in Name(try SpecScalar(item, "notes", text).text) }
    }

    // MARK: PFs

    private func pf(_ entry: Node.Entry) throws(Failure) -> PFSpec {
        let map = try MapReader(entry.value, "a PF", keys: ["vfs", "boot", "hostDriver"], text)
        return PFSpec(
            entry.key, vfs: try map.number("vfs", 0...65_535), boot: try map.flag("boot"),
            hostDriver: try map.flag("hostDriver"), origin: text.origin(entry.place))
    }

    // MARK: Pools

    private static let poolKeys: [Name] = [
        "pf", "vfs", "exclude", "order", "vlan", "autostart", "active", "managed", "driverModel", "iommufd",
        "portgroups",
        "settings",
    ]

    private func pool(_ entry: Node.Entry) throws(Failure) -> PoolSpec {
        let map = try MapReader(entry.value, "a pool", keys: Self.poolKeys, text)
        var pool = PoolSpec(entry.key)
        pool.origin = text.origin(entry.place)
        pool.isManaged = try map.flag("managed") ?? true
        pool.pfs = try poolPFs(map)
        pool.selection = try selection(map)
        if let node = map.node("order") {
            let words: [FunctionOrder] = [.interleaved, .numa, .listed]
            let word = try SpecScalar(node, "order", text).word(words.map { Name($0.rawValue) })
            pool.order = FunctionOrder(rawValue: word.string)
        }
        pool.vlan = try vlan(map)
        pool.autostart = try map.flag("autostart")
        pool.active = try map.flag("active")
        pool.driverModel = try map.said("driverModel") { (scalar) throws(Failure) in
            guard !scalar.text.isEmpty,
                scalar.text.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0.isOne(of: "_-.") })
            else { throw scalar.failure("has to be a driver's name, such as mlx5_vfio_pci") }
            return Name(scalar.text)
        }
        pool.iommufd = try map.said("iommufd") { (scalar) throws(Failure) in try scalar.flag }
        pool.saysPortgroups = map.isSaid("portgroups")
        pool.hasNoOtherPortgroups = map.node("portgroups")?.isNull ?? false
        if !pool.hasNoOtherPortgroups {
            for entry in try entries(map, "portgroups", of: "a portgroup") {
                pool.portgroups.append(try portgroup(entry))
            }
        }
        if pool.portgroups.count(where: { $0.isDefault ?? false }) > 1, let node = map.node("portgroups") {
            throw text.failure("more than one portgroup of pool \(pool.name.shown) is the default", at: node.place)
        }
        pool.settings = try SettingsReader.read(map.node("settings"), text)
        return pool
    }

    /// One word, a list of words, or a list of words each with a part of its VFs.
    private func poolPFs(_ map: MapReader) throws(Failure) -> [PoolSpec.PF] {
        guard let node = map.node("pf") else { return [] }
        guard case .list(let items) = node.content else { return [PoolSpec.PF(try SpecScalar(node, "pf", text).name)] }
        guard !items.isEmpty else { throw text.failure("pf names no PF", at: node.place) }
        var pfs: [PoolSpec.PF] = []
        for item in items {
            var pf: PoolSpec.PF
            var place = item.place
            if case .map = item.content {
                let part = try MapReader(item, "a PF of a pool", keys: ["pf", "vfs", "exclude"], text)
                guard let node = part.node("pf") else {
                    throw text.failure("which PF it is, is missing", at: item.place, hints: ["add it: pf: NAME"])
                }
                place = node.place
                let word = try SpecScalar(node, "pf", text).name
                pf = PoolSpec.PF(word, selection: try selection(part))
            } else {
                pf = PoolSpec.PF(try SpecScalar(item, "pf", text).name)
            }
            guard !pfs.contains(where: { $0.word == pf.word }) else {
                throw text.failure("PF \(pf.word.shown) is named twice", at: place)
            }
            pfs.append(pf)
        }
        return pfs
    }

    /// Nil where nothing is said; `vfs: null` means all.
    private func selection(_ map: MapReader) throws(Failure) -> VFSelection? {
        guard map.isSaid("vfs") || map.isSaid("exclude") else { return nil }
        func part(_ key: Name) throws(Failure) -> IndexSet? {
            map.node(key)?.isNull ?? true ? nil : try map.indices(key)
        }
        return VFSelection(included: try part("vfs"), excluded: try part("exclude") ?? IndexSet())
    }

    /// One tag, or a list of those of a trunk.
    private func vlan(_ map: MapReader) throws(Failure) -> Said<SpecVLAN> {
        guard let node = map.node("vlan"), case .list(let items) = node.content else {
            return try map.said("vlan") { (scalar) throws(Failure) in .tag(try scalar.number(SpecVLAN.ids)) }
        }
        guard !items.isEmpty else { throw text.failure("vlan names no VLAN", at: node.place) }
        return .value(.trunk(VLANTrunk(try items.map { (item) throws(Failure) in try tag(item) })))
    }

    private func tag(_ node: Node) throws(Failure) -> VLANTrunk.Tag {
        guard case .map = node.content else {
            return VLANTrunk.Tag(try SpecScalar(node, "vlan", text).number(SpecVLAN.ids))
        }
        let map = try MapReader(node, "a VLAN of a trunk", keys: ["id", "native"], text)
        guard let id = try map.number("id", SpecVLAN.ids) else {
            throw text.failure("which VLAN it is, is missing", at: node.place, hints: ["add it: id: NUMBER"])
        }
        return VLANTrunk.Tag(
            id,
            nativeMode: try map.node("native").map { (node) throws(Failure) in
                try SpecScalar(node, "native", text).word(["tagged", "untagged"])
            })
    }

    private func portgroup(_ entry: Node.Entry) throws(Failure) -> PoolSpec.Group {
        var group = PoolSpec.Group(entry.key)
        guard !entry.value.isNull else {
            group.isRemoved = true
            return group
        }
        let map = try MapReader(entry.value, "a portgroup", keys: ["vlan", "default", "settings"], text)
        group.vlan = try vlan(map)
        group.isDefault = try map.flag("default")
        group.settings = try SettingsReader.read(map.node("settings"), text)
        return group
    }

    // MARK: Guests

    private func guest(_ entry: Node.Entry) throws(Failure) -> GuestSpec {
        var guest = GuestSpec(entry.key, origin: text.origin(entry.place))
        guard !entry.value.isNull else {
            throw text.failure(
                "a guest has no value", at: entry.value.place, hints: ["where nothing is to be said of it, write []"])
        }
        guard case .list(let items) = entry.value.content else {
            throw text.failure(
                "a guest has to be a list of interfaces", at: entry.value.place,
                hints: ["each begins with a hyphen: - {mac: MAC, pool: POOL}"])
        }
        for item in items { guest.interfaces.append(try interface(item)) }
        return guest
    }

    private static let interfaceKeys: [Name] = ["mac", "pool", "portgroup", "vlan", "settings", "failover"]

    private func interface(_ node: Node) throws(Failure) -> GuestSpec.Interface {
        let map = try MapReader(node, "an interface", keys: Self.interfaceKeys, text)
        guard let mac = map.node("mac") else {
            throw text.failure("an interface is known by its MAC, which is missing", at: node.place)
        }
        guard let pool = try map.name("pool") else {
            throw text.failure("which pool the interface is on, is missing", at: node.place)
        }
        var interface = GuestSpec.Interface(try SpecScalar(mac, "mac", text).mac, pool: pool)
        interface.portgroup = try map.said("portgroup") { (scalar) throws(Failure) in try scalar.name }
        interface.vlan = try vlan(map)
        interface.settings = try SettingsReader.read(map.node("settings"), text)
        interface.failover = try map.said("failover") { (scalar) throws(Failure) in try scalar.name }
        interface.origin = text.origin(node.place)
        return interface
    }

    /// One MAC on two interfaces would be one too many.
    private func checkMACs(_ map: MapReader, _ spec: HostSpec) throws(Failure) {
        var known: [MACAddress: Name] = [:]
        for (guest, entry) in zip(spec.guests, try entries(map, "guests", of: "a guest")) {
            guard case .list(let items) = entry.value.content else { continue }
            for (interface, item) in zip(guest.interfaces, items) {
                guard let other = known.updateValue(guest.name, forKey: interface.mac) else { continue }
                let node = try MapReader(item, "an interface", keys: Self.interfaceKeys, text).node("mac")
                throw text.failure(
                    "MAC \(interface.mac) is there twice: guest \(other.shown)"
                        + (other == guest.name ? "" : " and guest \(guest.name.shown)"), at: node?.place ?? item.place)
            }
        }
    }
}
