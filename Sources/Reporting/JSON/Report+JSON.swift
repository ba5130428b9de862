package import Model

extension Report: JSONReport {
    package var json: JSONObject {
        [
            "uri": uri, "pools": pools.map { $0.json(withFunctions: true) }, "ports": pfs, "guests": guests,
            "findings": findings.map(\.findingJSON),
        ]
    }

    /// Of `list`.
    package var listJSON: JSONObject { ["uri": uri, "pools": pools.map { $0.json(withFunctions: false) }] }
}

extension Diagnosis {
    /// - Parameter shown: those of its checks that are asked for.
    package func json(_ shown: [Diagnostic]) -> JSONObject {
        ["uri": uri, "checks": shown.map(\.checkJSON), "verdicts": verdicts]
    }

    private var verdicts: JSONObject {
        var counts: JSONObject = [:]
        for verdict in Diagnostic.Severity.allCases { counts.add(verdict.rawValue, count(verdict)) }
        return counts
    }
}

extension LiveMigration {
    /// - Parameter shown: those of its checks that are asked for.
    package func json(_ diagnosis: Diagnosis, _ shown: [Diagnostic]) -> JSONObject {
        var json = diagnosis.json(shown)
        json.add("target", target.state.uri)
        json.add("guest", guestName)
        return json
    }
}
