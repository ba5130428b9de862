extension Diagnostic {
    /// A finding, or a warning of a plan.
    package var findingJSON: JSONObject {
        [
            "code": code.rawValue, "severity": severity == .note ? "note" : "warning", "message": message,
            "hints": hints.map(\.text),
        ]
    }

    package var checkJSON: JSONObject {
        [
            "check": code.rawValue, "verdict": severity.rawValue, "message": message, "hints": hints.map(\.text),
            "pools": pools, "guests": guests, "ports": pfs,
        ]
    }
}

extension Failure: JSONReport {
    package var json: JSONObject {
        ["code": code.rawValue, "message": message, "cause": cause, "hints": hints.map(\.text)]
    }
}

extension HookReport: JSONReport {
    package var json: JSONObject {
        [
            "files": files.map { ["path": $0.path, "state": $0.state.rawValue] as JSONObject }, "others": others,
            "lastRun": lastRun,
        ]
    }
}
