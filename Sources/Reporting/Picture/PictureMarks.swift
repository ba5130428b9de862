import Model
import Text

/// What doctor finds wrong, numbered, and which things each finding is about.
struct PictureMarks {
    private(set) var findings: [Picture.Finding] = []
    private var bySubject: [Diagnostic.Subject: Picture.Mark] = [:]

    init(_ diagnosis: Diagnosis) {
        var codes: [Diagnostic.Code] = []
        var checks: [Diagnostic.Code: [Diagnostic]] = [:]
        // Its worst come last.
        for severity in [Diagnostic.Severity.fail, .warn] {
            for check in diagnosis.checks where check.severity == severity {
                if checks[check.code] == nil { codes.append(check.code) }
                checks[check.code, default: []].append(check)
            }
        }
        // What a number on the picture leads to stands before what is about the machine as a whole.
        let marking = codes.filter { checks[$0]?.contains { !$0.subjects.isEmpty } ?? false }
        for (place, code) in (marking + codes.filter { !marking.contains($0) }).enumerated() {
            let own = checks[code] ?? []
            findings.append(Self.finding(own, code))
            for check in own {
                for subject in check.subjects { add(place + 1, check.severity == .fail, to: subject) }
            }
        }
    }

    subscript(subject: Diagnostic.Subject) -> Picture.Mark { bySubject[subject] ?? Picture.Mark() }

    private mutating func add(_ number: Int, _ isFailure: Bool, to subject: Diagnostic.Subject) {
        var mark = self[subject]
        if mark.numbers.last != number { mark.numbers.append(number) }
        mark.isFailure = mark.isFailure || isFailure
        bySubject[subject] = mark
    }

    private static func finding(_ checks: [Diagnostic], _ code: Diagnostic.Code) -> Picture.Finding {
        let said = Folded.all(checks)
        let more = said.count > 1 ? " (and \(said.count - 1) more)" : ""
        return Picture.Finding(
            isFailure: checks.contains { $0.severity == .fail }, code: code.rawValue,
            message: (said.first?.message ?? "") + more)
    }
}
