package import Model
package import Reporting

extension PlanReport: JSONReport {
    package var json: JSONObject {
        [
            "steps": items.map { item in
                [
                    "effect": item.step.effect.rawValue, "subject": item.step.subject.description,
                    "action": item.step.action,
                    "detail": item.detail, "upkeep": item.isUpkeep, "cutsLink": item.step.cutsLink,
                ] as JSONObject
            },
            "documents": changes.map { change in
                [
                    "subject": change.subject.description,
                    "effect": change.isNew ? "add" : change.isRemoved ? "remove" : "change",
                    "diff": PlanView.diff(change, .plain).joined(separator: "\n") + "\n",
                ] as JSONObject
            },
            "add": added, "change": changed, "remove": removed, "warnings": warnings.map(\.findingJSON),
            "notes": notes.map(\.text),
        ]
    }
}
