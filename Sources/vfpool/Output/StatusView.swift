import Model
import Reporting
import Text

/// Who has which function: a line and a table for each pool, PF or guest that was asked for.
enum StatusView {
    /// - Parameter name: what was asked for; nil for all pools, and all PFs that no pool is made of.
    static func text(_ report: Report, named name: Name?, _ style: Style) -> String {
        var parts: [String] = []
        for pool in report.pools {
            let table = functions(pool.functions, style, withPFs: pool.isOfSeveral)
            parts.append(style(.bold, heading(pool).printable) + "\n" + titles(pool.titles) + table)
        }
        for pf in pfs(report, named: name) {
            let table = functions(pf.functions, style, withPools: !pf.pools.isEmpty)
            parts.append(style(.bold, heading(pf).printable) + "\n" + table)
        }
        if name != nil {
            for guest in report.guests {
                parts.append(
                    style(.bold, heading(guest).printable) + "\n" + titles(guest.titles) + interfaces(guest, style))
            }
        }
        return parts.joined(separator: "\n")
    }

    /// Names only: addresses of functions, or what names a guest's interfaces on a command line.
    static func names(_ report: Report, named name: Name?) -> [String] {
        var names = report.pools.flatMap { $0.functions.map(\.address) }
        names += pfs(report, named: name).flatMap { $0.functions.map(\.address) }
        guard name != nil else { return unique(names) }
        names += report.guests.flatMap { $0.interfaces.compactMap { $0.mac ?? $0.index.map(String.init) } }
        return unique(names)
    }

    /// The PFs that are shown: without a name, those whose functions no pool's table has.
    private static func pfs(_ report: Report, named name: Name?) -> [PFReport] {
        name == nil ? report.pfs.filter(\.pools.isEmpty) : report.pfs
    }

    /// What is said, without a name, of a host without any pool; nil where a finding says it.
    static func withoutPool(_ report: Report) -> (message: String, hints: [Hint])? {
        guard report.pools.isEmpty, !report.findings.contains(where: { $0.code == .noPool }) else { return nil }
        guard !report.pfs.isEmpty else {
            return ("there is no pool on this host, and no PF that can have VFs", ["see why: `vfpool doctor`"])
        }
        let able = report.pfs.first { $0.netdev != nil && !$0.isInfiniBand && ($0.possibleVFs.value ?? 0) > 0 }
        return (
            "there is no pool on this host, and no PF has a VF",
            [
                able.map { "make VFs and a pool of them: `vfpool create \(shell: $0.title) --vfs-count NUMBER`" }
                    ?? "see why: `vfpool doctor`"
            ]
        )
    }

    private static func unique(_ names: [String]) -> [String] {
        names.deduplicated
    }

    // MARK: Headings

    /// What people call it, a line each: what they wrote on several is one here.
    private static func titles(_ titles: Titles) -> String {
        [("title", titles.title), ("description", titles.description)].compactMap { what, text in
            guard let text, !text.isEmpty else { return nil }
            return "\(what): \(text.string.replacing(bytes: "\n", with: " "))".printable + "\n"
        }.joined()
    }

    private static func heading(_ pool: PoolReport) -> String {
        var parts = [
            "pool of \(Words.list(pool.pfs.map { title($0, withAddress: !pool.isOfSeveral) }))",
            pool.isActive ? "active" : "not active",
            pool.autostart ? "starts at boot" : "does not start at boot",
        ]
        if let vlan = pool.vlan { parts.append("VLAN \(vlan)") }
        if let model = pool.driver.model { parts.append("VFIO driver \(model)") }
        if pool.driver.iommufd == true { parts.append("IOMMUFD") }
        if !pool.wanted.general.isEmpty { parts.append("VF settings \(pool.wanted.general.summary)") }
        if !pool.isPersistent { parts.append("transient") }
        if !pool.isManaged { parts.append("not made by vfpool") }
        return
            "\(pool.name): \(parts.joined(separator: ", ")); \(pool.isCoverageKnown ? words(pool.counts) : "VFs unknown")"
    }

    private static func title(_ pf: PoolPFReport, withAddress: Bool) -> String {
        guard let title = pf.title else {
            return pf.documentName.map { "\($0), which can't be seen here" } ?? "a PF that can't be seen here"
        }
        guard withAddress, let address = pf.address else { return title.string }
        return Name(address) == title ? address : "\(title) (\(address))"
    }

    private static func heading(_ pf: PFReport) -> String {
        var parts = [
            pf.title == Name(pf.address) ? "no netdev" : pf.address, pf.driverWords, pf.stateWords,
            pf.possibleVFs.value.map { "\(pf.enabledVFs) of \($0) VFs enabled" }
                ?? Words.count(pf.enabledVFs, "VF") + " enabled",
        ]
        parts.append(pf.pools.isEmpty ? "no pool" : "pool \(Words.list(pf.pools))")
        return "\(pf.title): \(parts.joined(separator: ", ")); \(words(pf.counts))"
    }

    private static func heading(_ guest: GuestReport) -> String {
        var parts = [
            guest.isPausedForMigration ? "paused while it migrates" : guest.isActive ? "running" : "shut off"
        ]
        if !guest.isPersistent { parts.append("transient") }
        if guest.autostart { parts.append("starts at boot") }
        if guest.hasSavedState { parts.append("has a managed save image") }
        if guest.interfaces.isEmpty { parts.append("no interface") }
        return "\(guest.name): \(parts.joined(separator: ", "))"
    }

    private static func words(_ counts: FunctionCounts) -> String {
        let parts = [
            (counts.taken, "taken"), (counts.reserved, "reserved"), (counts.outside, "outside"),
            (counts.host, "used by the host"), (counts.unknown, "unknown"), (counts.later, "later"),
        ]
        var uses = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        if counts.free + counts.perhapsFree > 0 { uses.append(ListView.free(counts) + " free") }
        return Words.count(counts.total, "VF") + (uses.isEmpty ? "" : ": " + uses.joined(separator: ", "))
    }

    // MARK: Tables

    private static func functions(
        _ functions: [FunctionReport], _ style: Style, withPools: Bool = false, withPFs: Bool = false
    ) -> String {
        var columns = [
            Table.Column("VF", isNumber: true), Table.Column("ADDRESS", dropped: 8), Table.Column("USE"),
            Table.Column("HOLDER", shrinks: true), Table.Column("IF", dropped: 5), Table.Column("MAC", dropped: 9),
            Table.Column("ACTUAL", dropped: 4), Table.Column("VLAN", isNumber: true, dropped: 6),
            Table.Column("DRIVER", dropped: 3), Table.Column("IOMMU", isNumber: true, dropped: 2),
            Table.Column("NUMA", isNumber: true, dropped: 1),
        ]
        // Each of its PFs has a VF 0.
        if withPFs { columns.insert(Table.Column("PF"), at: 0) }
        if withPools { columns.append(Table.Column("POOL", dropped: 7)) }
        // Most pools want nothing that libvirt can't say.
        let withSettings = functions.contains { $0.settingsSummary != nil }
        if withSettings { columns.append(Table.Column("SETTINGS", dropped: 10, shrinks: true)) }
        var table = Table(columns)
        for function in functions {
            var cells = [
                Table.Cell(function.index.map(String.init) ?? Table.unknown), Table.Cell(function.address),
                use(function),
                Table.Cell(function.guest?.string ?? (function.use == .later ? nil : function.reason) ?? Table.absent),
                interface(function),
                cell(function.mac), cell(function.actualMAC), cell(function.vlan), cell(function.driver),
                cell(function.iommuGroup), cell(function.numaNode),
            ]
            if withPFs { cells.insert(Table.Cell(function.pf ?? Name(Table.unknown)), at: 0) }
            if withPools {
                cells.append(Table.Cell(function.pools.isEmpty ? Table.absent : function.pools.joined(separator: ", ")))
            }
            if withSettings {
                cells.append(
                    Table.Cell(
                        function.settingsSummary ?? Table.absent, function.differing.isEmpty ? nil : .yellow))
            }
            table.add(cells)
        }
        return table.rendered(style)
    }

    private static func use(_ function: FunctionReport) -> Table.Cell {
        switch function.use {
        // Free as far as libvirt knows: the host's own use can't be seen from here.
        case .free: Table.Cell(function.isHostUseKnown ? "free" : "free?", .green)
        case .later: Table.Cell("later", .yellow)
        case .taken: Table.Cell("taken")
        case .reserved, .outside: Table.Cell(function.use.rawValue, .yellow)
        case .host: Table.Cell("host", .magenta)
        case .unknown: Table.Cell("unknown", .red)
        }
    }

    private static func interface(_ function: FunctionReport) -> Table.Cell {
        guard let index = function.interfaceIndex else {
            return Table.Cell(function.guestUUID == nil ? Table.absent : Table.unknown)
        }
        return Table.Cell(String(index) + (function.interfaceAlias.map { "/\($0)" } ?? ""))
    }

    private static func cell<Value>(_ fact: Fact<Value>) -> Table.Cell {
        switch fact {
        case .known(let value): Table.Cell("\(value)")
        case .absent: Table.Cell(Table.absent)
        case .unknown: Table.Cell(Table.unknown)
        }
    }

    private static func interfaces(_ guest: GuestReport, _ style: Style) -> String {
        var table = Table([
            Table.Column("IF", isNumber: true), Table.Column("ALIAS", dropped: 1), Table.Column("MAC"),
            Table.Column("VLAN", isNumber: true, dropped: 2), Table.Column("NOW", shrinks: true),
            Table.Column("VF", dropped: 3), Table.Column("NEXT START", shrinks: true),
        ])
        for interface in guest.interfaces {
            let nodes = interface.acpiNodes.map { ", NUMA nodes \($0)" } ?? ""
            let next = interface.next.map { $0.words + $0.extras + nodes } ?? Table.absent
            table.add([
                Table.Cell(interface.index.map(String.init) ?? Table.absent),
                Table.Cell(interface.alias?.string ?? Table.absent), Table.Cell(interface.mac ?? Table.unknown),
                Table.Cell(interface.vlan.map(String.init) ?? Table.absent),
                Table.Cell(interface.live.map { $0.words + $0.extras } ?? Table.absent),
                Table.Cell(interface.live?.address ?? Table.absent),
                interface.isPending ? Table.Cell(next, .yellow) : Table.Cell(next),
            ])
        }
        return table.rendered(style)
    }
}
