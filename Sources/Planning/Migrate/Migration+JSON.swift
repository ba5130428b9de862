package import Model

extension Migration: JSONReport {
    package var json: JSONObject {
        ["interfaces": rows.map(\.json), "leftOut": leftOut.map(\.json), "capacity": capacity.map(\.json)]
    }
}

extension Migration.Row {
    fileprivate var json: JSONObject {
        [
            "guest": guest, "interface": interface, "from": from, "pool": pool, "mac": mac, "macSource": source,
            "vlan": vlan, "takesEffect": effect.rawValue,
        ]
    }
}

extension Migration.LeftOut {
    fileprivate var json: JSONObject { ["guest": guest, "error": failure] }
}

extension Migration.Capacity {
    fileprivate var json: JSONObject {
        [
            "pool": pool, "vfs": functions, "heldElsewhere": heldElsewhere, "interfacesNow": before,
            "interfacesThen": after, "interfacesAtBoot": autostart,
        ]
    }
}

extension Pruning {
    package func json(isDry: Bool) -> JSONObject {
        [
            "dryRun": isDry, "removed": removed,
            "kept": kept.map { ["id": $0.id, "reason": $0.reason.rawValue] as JSONObject }, "younger": younger,
        ]
    }
}
