package import Model
import SRIOV
import Text

/// stdout of `export`: a spec, which `diff` and `apply` read. What is not said is left out, for `null` would say that there is to be
/// none.
extension HostSpec: JSONReport {
    package var json: JSONObject {
        var json: JSONObject = [:]
        json.add("host", ifSaid: host)
        json.add("pfs", JSONObject(named: pfs.map { ($0.word, $0.json) }))
        json.add("pools", JSONObject(named: pools.map { ($0.name, $0.json) }))
        json.add("guests", JSONObject(named: guests.map { ($0.name, $0.interfaces.map(\.json)) }))
        if !notes.isEmpty { json.add("notes", notes) }
        return json
    }
}

extension PFSpec {
    fileprivate var json: JSONObject {
        var json: JSONObject = [:]
        json.add("vfs", ifSaid: vfs)
        json.add("boot", ifSaid: boot)
        json.add("hostDriver", ifSaid: hostDriver)
        return json
    }
}

extension PoolSpec {
    fileprivate var json: JSONObject {
        var json: JSONObject = [:]
        if !isManaged { json.add("managed", false) }
        let members = pfs.map { pf -> any Encodable in
            guard let selection = pf.selection else { return pf.word }
            var member: JSONObject = ["pf": pf.word]
            member.add(selection)
            return member
        }
        // An empty list would be one that names no PF.
        if !members.isEmpty {
            json.add("pf", members.count == 1 && pfs[0].selection == nil ? members[0] : JSONList(members))
        }
        if let selection { json.add(selection) }
        json.add("order", ifSaid: order?.rawValue)
        json.add("vlan", vlan)
        json.add("autostart", ifSaid: autostart)
        json.add("active", ifSaid: active)
        json.add("driverModel", driverModel)
        json.add("iommufd", iommufd)
        json.add("settings", settings)
        guard saysPortgroups else { return json }
        guard !hasNoOtherPortgroups else {
            json.add("portgroups", nil)
            return json
        }
        json.add("portgroups", JSONObject(named: portgroups.map { ($0.name, $0.isRemoved ? nil : $0.json) }))
        return json
    }
}

extension PoolSpec.Group {
    fileprivate var json: JSONObject {
        var json: JSONObject = [:]
        json.add("vlan", vlan)
        json.add("default", ifSaid: isDefault)
        json.add("settings", settings)
        return json
    }
}

extension GuestSpec.Interface {
    fileprivate var json: JSONObject {
        var json: JSONObject = ["mac": mac.description, "pool": pool]
        json.add("portgroup", portgroup)
        json.add("vlan", vlan)
        json.add("failover", failover)
        json.add("settings", settings)
        return json
    }
}

extension JSONObject {
    fileprivate init(named values: [(name: Name, value: (any Encodable)?)]) {
        self = [:]
        for (name, value) in values { add(name.string, value) }
    }

    fileprivate mutating func add(_ name: String, ifSaid value: (any Encodable)?) {
        if let value { add(name, value) }
    }

    fileprivate mutating func add<Value: Encodable>(_ name: String, _ said: Said<Value>) {
        switch said {
        case .nothing: break
        case .none: add(name, nil)
        case .value(let value): add(name, value)
        }
    }

    fileprivate mutating func add(_ name: String, _ said: Said<SpecVLAN>) {
        switch said {
        case .nothing: break
        case .none: add(name, nil)
        case .value(.tag(let id)): add(name, id)
        case .value(.trunk(let trunk)):
            add(
                name,
                JSONList(
                    trunk.tags.map { tag -> any Encodable in
                        guard let mode = tag.nativeMode else { return tag.id }
                        return ["id": tag.id, "native": mode] as JSONObject
                    }))
        }
    }

    fileprivate mutating func add(_ selection: VFSelection) {
        if let included = selection.included {
            add("vfs", included.description)
        } else if selection.excluded.isEmpty {
            add("vfs", nil)
        }
        if !selection.excluded.isEmpty { add("exclude", selection.excluded.description) }
    }

    fileprivate mutating func add(_ name: String, _ change: SettingsChange) {
        guard !change.isEmpty else { return }
        guard !change.isNone else { return add(name, nil) }
        var settings: JSONObject = [:]
        for setting in WantedSettings.Name.allCases {
            let key = setting.key.string
            guard let text = change.wanted[setting] else {
                if change.removed.contains(setting) { settings.add(key, nil) }
                continue
            }
            switch setting {
            case .trust, .spoofCheck: settings.add(key, text.isSame(as: "on"))
            case .maxRate, .minRate, .vlanQoS: settings.add(key, Int(digits: text) ?? 0)
            case .linkState, .vlanProtocol: settings.add(key, text)
            }
        }
        add(name, settings)
    }
}

/// Values of several types, in a row.
private struct JSONList: Encodable {
    let values: [any Encodable]

    init(_ values: [any Encodable]) { self.values = values }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for value in values { try container.encode(value) }
    }
}
