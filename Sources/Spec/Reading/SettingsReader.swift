package import Model
package import Text
import YAML

/// VF settings in a spec, by the keys that JSON has.
enum SettingsReader {
    static func read(_ node: Node?, _ text: SpecText) throws(Failure) -> SettingsChange {
        var change = SettingsChange()
        guard let node else { return change }
        let names = WantedSettings.Name.allCases
        guard !node.isNull else {
            change.removed = Set(names)
            return change
        }
        let map = try MapReader(node, "settings", keys: names.map(\.key), text)
        for name in names {
            guard let node = map.node(name.key) else { continue }
            if node.isNull {
                change.removed.insert(name)
                continue
            }
            let scalar = try SpecScalar(node, name.key, text)
            if Name(scalar.text) == "default" {
                change.removed.insert(name)
            } else {
                change.wanted[name] = try words(scalar, name)
            }
        }
        return change
    }

    private static func words(_ scalar: SpecScalar, _ name: WantedSettings.Name) throws(Failure) -> String {
        switch name {
        case .trust, .spoofCheck: return try scalar.flag ? "on" : "off"
        case .maxRate, .minRate: return String(try scalar.number(WantedSettings.rates))
        case .vlanQoS: return String(try scalar.number(WantedSettings.priorities))
        case .linkState: return try scalar.word(["auto", "enable", "disable"]).string
        case .vlanProtocol: return try scalar.word(["802.1Q", "802.1ad"]).string
        }
    }
}

extension WantedSettings.Name {
    /// As JSON and specs call it.
    package var key: Text.Name {
        switch self {
        case .trust: "trust"
        case .spoofCheck: "spoofCheck"
        case .maxRate: "maxRate"
        case .minRate: "minRate"
        case .linkState: "linkState"
        case .vlanQoS: "vlanQoS"
        case .vlanProtocol: "vlanProtocol"
        }
    }
}
