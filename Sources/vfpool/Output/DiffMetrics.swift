import FoundationEssentials
import Journal
import Model
import Planning
import Text

/// How a host stands to its spec, as node_exporter's collector for text files reads it.
enum DiffMetrics {
    /// Writes beside, and renames. Without the folder nothing is written: then nobody collects.
    ///
    /// - Throws: `file`.
    static func write(_ found: SpecPlan, to path: String, _ output: Output) throws(Failure) {
        let folder = path.cut(atLast: "/").map { "\($0.before)/" } ?? "."
        guard LocalFiles().hasFolder(folder) else {
            output.note("no metric is written: the folder of \(path) is not there")
            return
        }
        try SharedFile.write(text(found, Int(Date().timeIntervalSince1970)), to: path)
    }

    static func text(_ found: SpecPlan, _ time: Int) -> String {
        let counts = found.counts
        let values = [("same", counts.same)] + Difference.Verdict.allCases.map { ($0.rawValue, counts[$0]) }
        return """
            # HELP vfpool_spec_things PFs, pools and interfaces of the spec, by how they are on this host.
            # TYPE vfpool_spec_things gauge
            \(values.map { "vfpool_spec_things{verdict=\"\($0)\"} \($1)" }.joined(separator: "\n"))
            # HELP vfpool_spec_last_success_timestamp_seconds When this host was last compared with its spec.
            # TYPE vfpool_spec_last_success_timestamp_seconds gauge
            vfpool_spec_last_success_timestamp_seconds \(time)

            """
    }
}
