package import Fleet
import Model
package import Text

extension FleetPicture.Host {
    /// The fields of the documents that are read.
    package static let fields: Set<Name> = [
        "checks", "check", "verdict", "pools", "ports", "guests", "name", "address", "configuration", "status",
        "enabledVFs", "possibleVFs", "up", "carrier", "driver", "unknown", "functions", "use", "hostUse", "guest",
        "guestUUID", "uuid", "active", "counts", "total", "free", "vlan", "pfs", "interfaces", "kind", "pending",
    ]

    /// - Parameters:
    ///   - doctor: the document of `doctor`.
    ///   - status: that of `status`, of the whole host.
    ///   - part: that of `status`, of what was asked for; nil for all of it.
    package init(_ doctor: JSONValue, _ status: JSONValue, part: JSONValue?) {
        let all = FleetPictureReader(status).pfs
        pfs = part.map { FleetPictureChoice($0).pfs(all) } ?? all
        isPart = part != nil
        isFreeKnown = !status["ports"].items.flatMap { $0["status"]["functions"].items }.contains { function in
            function["unknown"]["hostUse"].text != nil
        }
        let guests = status["guests"].items
        running = guests.count { $0["status"]["active"].flag == true }
        shutOff = guests.count { $0["status"]["active"].flag == false }
        let checks = doctor["checks"].items
        func codes(_ verdict: Diagnostic.Severity) -> [Name] {
            checks.filter { $0["verdict"].text == Name(verdict.rawValue) }.compactMap { $0["check"].text }.deduplicated
        }
        failures = codes(.fail)
        warnings = codes(.warn)
    }
}

/// Of a whole host's PFs, what was asked for: a PF, a pool, or what a guest has.
struct FleetPictureChoice {
    private let pfs: Set<Name>
    private let pools: Set<Name>
    private let guests: Set<Name>

    init(_ part: JSONValue) {
        pfs = Set(part["ports"].items.compactMap { $0["name"].text })
        pools = Set(part["pools"].items.compactMap { $0["name"].text })
        guests = Set(part["guests"].items.compactMap { $0["name"].text })
    }

    func pfs(_ all: [FleetPicture.PF]) -> [FleetPicture.PF] {
        all.compactMap { pf in
            guard !pfs.contains(pf.title) else { return pf }
            var part = pf
            part.groups = pf.groups.compactMap(group)
            return part.groups.isEmpty ? nil : part
        }
    }

    private func group(_ all: FleetPicture.Group) -> FleetPicture.Group? {
        guard !(all.pool.map(pools.contains) ?? false) else { return all }
        var part = all
        part.guests = all.guests.filter { guests.contains($0.name) }
        part.next = all.next.filter(guests.contains)
        return part.guests.isEmpty && part.next.isEmpty ? nil : part
    }
}

/// The PFs of a host, from the document of `status`.
struct FleetPictureReader {
    private let pools: [JSONValue]
    private let ports: [JSONValue]
    /// By the pool's name.
    private var next: [Name: [Name]] = [:]

    init(_ status: JSONValue) {
        pools = status["pools"].items
        ports = status["ports"].items
        for guest in status["guests"].items {
            guard let name = guest["name"].text else { continue }
            for interface in guest["interfaces"].items {
                let place = interface["configuration"]
                guard place["kind"].text == "pool", let pool = place["name"].text,
                    interface["pending"].flag == true || guest["status"]["active"].flag == false
                else { continue }
                next[pool, default: []].append(name)
            }
        }
    }

    var pfs: [FleetPicture.PF] {
        let shown = Set(ports.flatMap { $0["configuration"]["pools"].texts })
        // Pools of PFs that are not there, or were not asked for.
        let others = pools.filter { pool in !(pool["name"].text.map(shown.contains) ?? false) }
        return ports.map(pf) + others.map(ofPool)
    }

    private func pf(_ port: JSONValue) -> FleetPicture.PF {
        let (configuration, status) = (port["configuration"], port["status"])
        let functions = status["functions"].items
        let title = port["name"].text ?? "?"
        var groups = configuration["pools"].texts.map { pool in
            group(pool, functions.filter { $0["pools"].texts.first == pool }, title)
        }
        let free = functions.filter { $0["pools"].texts.isEmpty }
        if !free.isEmpty { groups.append(group(nil, free, title)) }
        let driver =
            status["driver"].text?.string
            ?? (port["unknown"]["driver"].text == nil ? PFWords.driver(.absent) : PFWords.driver(.unknown("")))
        let vfs = PFWords.vfs(
            configuration["enabledVFs"].number ?? functions.count, of: configuration["possibleVFs"].number)
        let address = port["address"].text
        return FleetPicture.PF(
            title: title,
            about: [
                address == title ? nil : address,
                Name(PFWords.state(status["up"].flag, carrier: status["carrier"].flag)), Name(driver), Name(vfs),
            ].compactMap(\.self), groups: groups)
    }

    /// A pool by itself, with all of its VFs.
    private func ofPool(_ pool: JSONValue) -> FleetPicture.PF {
        let pfs = pool["configuration"]["pfs"].items
        let title = pfs.first?["name"].text ?? "?"
        let isSeen = pfs.first?["address"].text != nil
        return FleetPicture.PF(
            title: title, about: isSeen ? [] : ["not seen on this host"],
            groups: [group(pool["name"].text, pool["status"]["functions"].items, title)])
    }

    private func group(_ name: Name?, _ functions: [JSONValue], _ pf: Name) -> FleetPicture.Group {
        let pool = pools.first { $0["name"].text == name && name != nil } ?? .null
        let (configuration, status) = (pool["configuration"], pool["status"])
        let uses = functions.map(Self.use)
        let counts = status["counts"]
        let titles = configuration["pfs"].items.compactMap { $0["name"].text }
        var about: [Name] = []
        if status["active"].flag == false { about.append("not active") }
        if let total = counts["total"].number {
            let free = functions.isEmpty || titles.count > 1 ? counts["free"].number ?? 0 : uses.count { $0 == .free }
            let isSure = functions.allSatisfy { $0["unknown"]["hostUse"].text == nil }
            about.append("\(isSure ? "" : "≤")\(free) of \(total) free")
        }
        if let vlan = configuration["vlan"].number { about.append("VLAN \(vlan)") }
        let others = titles.filter { $0 != pf }
        if !others.isEmpty { about.append("also \(Words.list(others, most: 2))") }
        let guests = zip(functions, uses).compactMap { function, use in
            function["guest"].text.map { FleetPicture.Guest(name: $0, use: use) }
        }
        // What a pool's guests get from any of its PFs stands at the first.
        let isFirst = titles.first == nil || titles.first == pf
        return FleetPicture.Group(
            pool: name, isActive: status["active"].flag ?? true, about: about, uses: uses, guests: guests.deduplicated,
            next: isFirst ? (name.flatMap { next[$0] } ?? []).deduplicated : [])
    }

    /// Free as far as libvirt knows is free here: what a host itself uses can't be seen from another.
    private static func use(_ function: JSONValue) -> VFUse {
        if function["unknown"]["hostUse"].text != nil { return .free }
        return function["use"].text.flatMap { VFUse(rawValue: $0.string) } ?? .unknown
    }
}
