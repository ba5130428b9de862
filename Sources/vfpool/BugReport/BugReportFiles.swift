import FoundationEssentials
import Journal
import Model
import Reporting
import SRIOV
import Text

/// The files of a bug report: everything in them is masked.
struct BugReportFiles {
    struct File {
        var name: String
        var text: String
        var about: String

        var bytes: Int { text.utf8.count }
    }

    private(set) var files: [File] = []
    /// What is not in it, and why, as it is: for who makes it.
    private(set) var missing: [BugReportReader.Missing]
    let masks: Masks

    init(_ reader: BugReportReader, time: String) throws(Failure) {
        missing = reader.missing
        masks = Masks(MaskWords(reader).words)
        if let state = reader.state { try add(Report(state)) }
        if let diagnosis = reader.diagnosis { try add(diagnosis) }
        if let log = reader.log { try add(log.masked(by: masks), reader.uri) }
        add("pfs.txt", "PFs, as the kernel has them", masks.text(PFView.text(reader.pfs)))
        add(
            "versions.txt", "versions of vfpool, libvirt, hypervisor, kernel, distribution",
            masks.text(reader.versions.map { "\($0.subject): \($0.version)\n" }.joined()))
        add(reader.documents)
        // Last, since it says what could not be had; first, since it is read first.
        let readme = BugReportText.readme(reader, missing, files, time: time)
        files.insert(File(name: "README.txt", text: masks.text(readme), about: "what is in it, and what is not"), at: 0)
    }

    /// As a .tar.gz, in a folder of its own.
    func packed(folder: String, time: Int) -> [UInt8] {
        var archive = TarArchive(time: time)
        for file in files { archive.add("\(folder)/\(file.name)", Array(file.text.utf8)) }
        return Gzip.packed(archive.finished)
    }

    private mutating func add(_ name: String, _ about: String, _ text: String) {
        if !text.isEmpty { files.append(File(name: name, text: text, about: about)) }
    }

    private mutating func add(_ report: Report) throws(Failure) {
        let masked = report.masked(by: masks)
        add("list.txt", "pools", masks.text(ListView.table(masked, .plain)))
        let findings = report.findings.map { finding in
            "\(finding.severity == .note ? "note" : "warning"): \(finding.message)\n"
                + finding.hints.map { "hint: \($0.text)\n" }.joined()
        }
        add(
            "status.txt", "who has which VF, and what is noticed of it",
            masks.text(StatusView.text(masked, named: nil, .plain) + "\n" + findings.joined()))
        try add("status.json", "the same, and guests' interfaces", masked.json)
    }

    private mutating func add(_ diagnosis: Diagnosis) throws(Failure) {
        let checks = DoctorView.text(Folded.all(diagnosis.checks, each: true), .plain)
        add("doctor.txt", "checks of the host", masks.text(checks + DoctorView.counts(diagnosis) + "\n"))
        try add("doctor.json", "the same", diagnosis.json(diagnosis.checks))
    }

    private mutating func add(_ log: LogReport, _ uri: String?) throws(Failure) {
        let here = uri.map { LogReport.masked(uri: $0, masks) } ?? ""
        add("log.txt", "the newest changes of the journal", masks.text(LogView.table(log, here: here, .plain)))
        guard !log.changes.isEmpty || !log.unreadable.isEmpty else { return }
        let folder = StateFolder.standard(Terminal.environment)
        try add("log.json", "the same, with their steps", log.json(Journal(folder)))
    }

    private mutating func add(_ documents: [BugReportReader.Document]) {
        for document in documents {
            let name = masks.name(document.name, document.kind)
            do throws(Failure) {
                let text = try MaskedDocument.text(document.xml, document.kind, masks)
                add("documents/\(name).\(document.version).xml", "document of \(document.kind.rawValue) \(name)", text)
            } catch {
                missing.append(
                    BugReportReader.Missing(
                        part: "the \(document.version) document of \(document.kind.rawValue) \(document.name)",
                        reason: error.message))
            }
        }
    }

    /// Fields that hold vfpool's own words, which a guest may be called by, too.
    private static let kept: Set<Name> = [
        "code", "check", "verdict", "severity", "use", "kind", "result", "progress", "effect", "linkState",
        "vlanProtocol",
        "id", "time", "endTime", "undoes", "undoneBy", "driver", "address", "pfAddress", "error",
    ]

    private mutating func add(_ name: String, _ about: String, _ value: JSONObject) throws(Failure) {
        let text = try JSONText.of(value, pretty: false)
        let tree: JSONTree
        do {
            tree = try JSONDecoder().decode(JSONTree.self, from: Data(text.utf8))
        } catch {
            throw Failure(.output, "could not write JSON", cause: "\(error)")
        }
        add(name, about, try JSONText.text(tree.mapping(except: Self.kept, masks.text), pretty: true) + "\n")
    }
}

extension BugReportFiles {
    /// - Parameter path: of the .tar.gz.
    func json(_ path: String) -> JSONObject {
        [
            "file": path,
            "files": files.map { ["name": $0.name, "bytes": $0.bytes, "about": $0.about] as JSONObject },
            "missing": missing.map { ["part": $0.part, "reason": $0.reason] as JSONObject },
        ]
    }
}
