package import Model
package import Text

/// What a check of a whole fleet found, and on which hosts.
package struct FleetFinding: Sendable {
    package let check: Diagnostic
    package let hosts: [Name]

    init(_ check: Diagnostic, on hosts: [Name]) {
        self.check = check
        self.hosts = hosts
    }
}

extension FleetFinding: JSONReport {
    package var json: JSONObject {
        var json = check.checkJSON
        json.add("hosts", hosts)
        return json
    }
}
