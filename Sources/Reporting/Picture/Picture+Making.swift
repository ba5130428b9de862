package import Model
package import Text

extension Picture {
    /// - Parameter name: a PF, a pool or a guest; nil for the whole host.
    /// - Throws: `no-such-pool`, when nothing is called so.
    package init(_ report: Report, _ diagnosis: Diagnosis, named name: Name? = nil) throws(Failure) {
        let marks = PictureMarks(diagnosis)
        let links = PictureLinks(report, marks)
        let asked = try name.map { name throws(Failure) in PictureChoice(try report.narrowed(to: name), links) }
        var maker = PictureMaker(report, marks, links, asked)
        uri = report.uri
        bands = maker.bands()
        let shown = Set(bands.flatMap(\.pfs).flatMap(\.groups).flatMap(\.rows).flatMap(\.links).map(\.guest))
        guests = maker.links.guests.filter { shown.contains($0.key) }
        findings = marks.findings
    }
}

/// Of a whole host's picture, what was asked for.
struct PictureChoice {
    private let pfs: Set<Name>
    private let pools: Set<Name>
    private let guests: Set<Name>

    init(_ part: Report, _ links: PictureLinks) {
        pfs = Set(part.pfs.map { Name($0.address) })
        pools = Set(part.pools.map(\.name))
        guests = Set(part.guests.map { Name($0.uuid) })
    }

    /// The rows of a group that are shown.
    func rows(_ rows: [Picture.Row], of pool: Name?, _ pf: String?) -> [Picture.Row] {
        if pool.map(pools.contains) ?? false { return rows }
        if pf.map({ pfs.contains(Name($0)) }) ?? false { return rows }
        return rows.filter { $0.links.contains { guests.contains($0.guest) } }
    }

    /// Guests that are wanted first where there are too many.
    func isAsked(_ guest: Name) -> Bool { guests.contains(guest) }
}
