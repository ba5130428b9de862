package import Model
import SRIOV
import Spec

extension SpecPlan {
    /// stdout of `diff`.
    package func json(_ uri: String) -> JSONObject { ["uri": uri, "differences": differences, "counts": counts] }

    /// How many things are as the spec says, and how many are not so.
    package struct Counts: JSONReport {
        package let same: Int
        private let verdicts: [Difference.Verdict: Int]

        init(_ found: SpecPlan) {
            same = found.same
            verdicts = found.differences.reduce(into: [:]) { $0[$1.verdict, default: 0] += 1 }
        }

        package subscript(verdict: Difference.Verdict) -> Int { verdicts[verdict] ?? 0 }

        package var json: JSONObject {
            var json: JSONObject = ["same": same]
            for verdict in Difference.Verdict.allCases { json.add(verdict.rawValue, self[verdict]) }
            return json
        }
    }

    package var counts: Counts { Counts(self) }
}

extension Difference: JSONReport {
    package var json: JSONObject {
        [
            "kind": subject.kind, "name": subject.name, "mac": subject.mac?.description, "verdict": verdict.rawValue,
            "fields": fields, "remark": remark, "error": failure, "origin": origin?.description,
        ]
    }
}

extension Difference.Field: JSONReport {
    package var json: JSONObject { ["field": name, "found": found, "wanted": wanted] }
}
