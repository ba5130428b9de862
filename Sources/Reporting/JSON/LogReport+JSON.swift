package import Model

extension LogReport {
    package func json(_ journal: any PastChanges) -> JSONObject {
        [
            "changes": changes.map { $0.json(folder: journal.path(of: $0.entry)) },
            "unreadable": unreadable.map(\.name),
            "older": older,
        ]
    }
}

extension LogReport.Change {
    fileprivate func json(folder: String) -> JSONObject {
        let header = entry.header
        return [
            "id": entry.id, "time": header.time, "endTime": entry.endTime, "user": header.user, "uri": header.uri,
            "host": header.host.map { ["name": $0.name, "uuid": $0.uuid, "here": isHere] as JSONObject },
            "command": header.command, "result": entry.result.rawValue, "undoes": header.undoes, "undoneBy": undoneBy,
            "error": entry.failureCode, "message": entry.failureMessage, "folder": folder,
            "steps": entry.steps.map { step in
                [
                    "number": step.number + 1, "subject": step.words.subject, "action": step.words.action,
                    "progress": entry.progress(of: step).rawValue, "upkeep": step.isUpkeep, "before": step.before,
                    "after": step.stored ?? step.after,
                ] as JSONObject
            },
        ]
    }
}
