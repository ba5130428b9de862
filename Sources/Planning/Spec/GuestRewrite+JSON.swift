package import Model

extension GuestRewrite.Result: JSONReport {
    package var json: JSONObject {
        [
            "changed": !plan.isEmpty, "document": document, "warnings": plan.warnings.map(\.findingJSON),
            "notes": notes,
        ]
    }
}
