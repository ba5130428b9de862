import Fleet
import Text

/// What guests take with a pool when they move, each thing in words: for telling pools of one name apart.
enum FleetPoolSettings {
    static func words(_ configuration: JSONValue) -> [Name: Name] {
        var words: [Name: Name] = [
            "VLAN": vlan(configuration["vlan"]), "VFIO driver": value(configuration["driverModel"]),
            "IOMMUFD": value(configuration["iommufd"]), "VF settings": settings(configuration["settings"]),
        ]
        for group in configuration["portgroups"].items {
            guard let name = group["name"].text else { continue }
            let isDefault = group["default"].flag == true ? ", default" : ""
            let own = settings(group["settings"])
            words["portgroup \(name)"] =
                "VLAN \(vlan(group["vlan"]))\(isDefault)\(own == "none" ? "" : ", \(own.string)")"
        }
        return words
    }

    private static func settings(_ settings: JSONValue) -> Name {
        let said = settings.fields.filter { !$0.value.isNull }.sorted { $0.key < $1.key }
        return said.isEmpty ? "none" : Name(said.map { "\($0.key) \(value($0.value))" }.joined(separator: ", "))
    }

    private static func vlan(_ value: JSONValue) -> Name { value.number.map { "\($0)" } ?? "none" }

    private static func value(_ value: JSONValue) -> Name {
        switch value {
        case .text(let text), .number(let text): text
        case .flag(let flag): flag ? "on" : "off"
        default: "none"
        }
    }
}
