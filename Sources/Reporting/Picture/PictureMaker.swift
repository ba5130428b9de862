import Model
import Text

/// Puts a report's PFs, pools and VFs in the order in which a picture has them.
struct PictureMaker {
    /// So many guests that are to get any free VF of a pool are named; of more, their number.
    static let mostWaiting = 12

    private let report: Report
    private let marks: PictureMarks
    private(set) var links: PictureLinks
    private let asked: PictureChoice?

    init(_ report: Report, _ marks: PictureMarks, _ links: PictureLinks, _ asked: PictureChoice?) {
        self.report = report
        self.marks = marks
        self.links = links
        self.asked = asked
    }

    mutating func bands() -> [Picture.Band] {
        var bands: [Picture.Band] = []
        let pfs = report.pfs.enumerated().sorted { left, right in
            let (a, b) = (left.element.numaNode.value ?? .max, right.element.numaNode.value ?? .max)
            return a == b ? left.offset < right.offset : a < b
        }.map(\.element)
        for pf in pfs { add(picture(pf), to: &bands, pf.numaNode.value) }
        for pool in report.pools where pool.pf == nil { add(withoutPF(pool), to: &bands, nil) }
        return bands
    }

    private mutating func add(_ pf: Picture.PF, to bands: inout [Picture.Band], _ node: Int?) {
        // Of a part that was asked for: nothing that is not of it.
        guard !pf.groups.isEmpty || asked == nil else { return }
        links.note(pf)
        if let last = bands.indices.last, bands[last].node == node {
            bands[last].pfs.append(pf)
        } else {
            bands.append(Picture.Band(node: node, pfs: [pf]))
        }
    }

    // MARK: PFs

    private func picture(_ pf: PFReport) -> Picture.PF {
        var groups = pf.pools.compactMap { name in report.pools.first { $0.name == name } }.map { pool in
            group(pool, pf.functions.filter { $0.pools.first == pool.name }, pf)
        }
        let others = pf.functions.filter { $0.pools.first == nil }
        if !others.isEmpty { groups.append(Picture.Group(pool: nil, rows: rows(others))) }
        return Picture.PF(
            title: pf.title, address: pf.address, driver: pf.driverWords, state: pf.stateWords,
            vfs: PFWords.vfs(pf.enabledVFs, of: pf.possibleVFs.value), mark: marks[.pf(pf.address)],
            groups: groups.compactMap { chosen($0, pf.address) })
    }

    private func withoutPF(_ pool: PoolReport) -> Picture.PF {
        let title = pool.pfs.first?.documentName ?? "?"
        let group = group(pool, pool.functions, nil)
        return Picture.PF(
            title: title, address: nil, driver: nil, state: "not seen on this host", vfs: "VFs unknown",
            mark: marks[.pool(pool.name)], groups: [chosen(group, nil)].compactMap(\.self))
    }

    // MARK: Pools

    private func group(_ pool: PoolReport, _ functions: [FunctionReport], _ pf: PFReport?) -> Picture.Group {
        let titles = pool.pfs.map { $0.title ?? $0.documentName ?? "?" }
        let isFirst = pf == nil || pool.pf?.address == pf?.address
        // Those that a pool lists and no PF has stand at its first PF.
        let gone = isFirst && pf != nil ? pool.functions.filter { $0.pf == nil } : []
        var rows = rows(functions + gone)
        if isFirst {
            if let links = links.ofSomeVF[pool.name], !links.isEmpty {
                rows.append(
                    Picture.Row(
                        kind: .someVF, title: links.count == 1 ? "a VF" : Words.count(links.count, "VF"),
                        state: links.count == 1 ? "which one is not known" : "which is not known", links: links))
            }
            if let links = links.ofPool[pool.name] { rows.append(waiting(links)) }
        }
        return Picture.Group(
            pool: Picture.Pool(
                name: pool.name, isActive: pool.isActive, vlan: pool.vlan, portgroups: pool.portgroups,
                counts: pool.isCoverageKnown ? pool.counts : nil, others: titles.filter { $0 != pf?.title },
                mark: marks[.pool(pool.name)]), rows: rows)
    }

    private func waiting(_ links: [Picture.Link]) -> Picture.Row {
        // Those that run have a line from another VF, too, further up.
        func runs(_ link: Picture.Link) -> Bool { self.links.guests[link.guest]?.isActive == true }
        var links = links.filter(runs) + links.filter { !runs($0) }
        if let asked {
            links = links.filter { asked.isAsked($0.guest) } + links.filter { !asked.isAsked($0.guest) }
        }
        return Picture.Row(
            kind: .nextStart, title: "any free VF", state: "at next start",
            links: Array(links.prefix(Self.mostWaiting)), more: max(0, links.count - Self.mostWaiting))
    }

    private func chosen(_ group: Picture.Group, _ pf: String?) -> Picture.Group? {
        guard let asked else { return group }
        var part = group
        part.rows = asked.rows(group.rows, of: group.pool?.name, pf)
        guard part.rows.count < group.rows.count else { return group }
        guard !part.rows.isEmpty else { return nil }
        part.rows.append(Picture.Row(kind: .others, title: "other VFs", state: "not shown"))
        return part
    }

    // MARK: VFs

    /// A row each; one for a run of those that nothing tells apart.
    private func rows(_ functions: [FunctionReport]) -> [Picture.Row] {
        var runs: [[FunctionReport]] = []
        for function in functions {
            if let last = runs.last?.last, canFold(function), canFold(last), last.use == function.use,
                last.isHostUseKnown == function.isHostUseKnown,
                (last.reason ?? "").isSame(as: function.reason ?? ""), let index = last.index,
                function.index == index + 1
            {
                runs[runs.count - 1].append(function)
            } else {
                runs.append([function])
            }
        }
        return runs.compactMap { run in run.count == 1 ? run.first.map(row) : row(ofAlike: run) }
    }

    private func canFold(_ function: FunctionReport) -> Bool {
        links.ofVF[Name(function.address)] == nil && function.guest == nil && function.otherHolders.isEmpty
            && marks[.vf(function.address)].numbers.isEmpty
    }

    private func row(ofAlike run: [FunctionReport]) -> Picture.Row? {
        guard let first = run.first else { return nil }
        return Picture.Row(
            kind: .vf(first.use), title: Words.vfs(run.compactMap(\.index)),
            state: "\(run.count) \(Self.state(first) ?? "")", reason: first.reason)
    }

    private func row(_ function: FunctionReport) -> Picture.Row {
        Picture.Row(
            kind: .vf(function.use), title: function.index.map { "VF \($0)" } ?? "VF",
            address: function.address, state: Self.state(function), reason: function.reason,
            otherHolders: function.otherHolders, links: links.ofVF[Name(function.address)] ?? [],
            mark: marks[.vf(function.address)])
    }

    private static func state(_ function: FunctionReport) -> String? {
        switch function.use {
        case .taken: nil
        // Free as far as libvirt knows: the host's own use can't be seen from here.
        case .free: function.isHostUseKnown ? "free" : "free?"
        case .later, .reserved, .outside, .host, .unknown: function.use.rawValue
        }
    }
}
