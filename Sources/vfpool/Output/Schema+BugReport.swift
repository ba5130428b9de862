/// What `bugreport` wrote, as JSON has it.
extension Schema {
    /// stdout of `bugreport`.
    struct BugReportEnvelope: Encodable {
        var version = Schema.version
        /// The path of the .tar.gz.
        var file: String
        var files: [BugReportFile]
        /// What could not be had.
        var missing: [BugReportMissing]
    }

    struct BugReportFile: Encodable {
        var name: String
        var bytes: Int
        /// What is in it, in words.
        var about: String
    }

    struct BugReportMissing: Encodable {
        var part: String
        var reason: String
    }
}

extension Schema.BugReportEnvelope {
    init(_ report: BugReportFiles, _ path: String) {
        file = path
        files = report.files.map { Schema.BugReportFile(name: $0.name, bytes: $0.bytes, about: $0.about) }
        missing = report.missing.map { Schema.BugReportMissing(part: $0.part, reason: $0.reason) }
    }
}
