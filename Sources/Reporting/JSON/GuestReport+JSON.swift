package import Model

extension GuestReport: JSONReport {
    package var json: JSONObject {
        [
            "name": name,
            "configuration": [
                "uuid": uuid, "title": titles.title, "description": titles.description, "autostart": autostart,
                "persistent": isPersistent,
            ] as JSONObject,
            "status": [
                "active": isActive, "pausedForMigration": isPausedForMigration, "savedState": hasSavedState,
                "pending": !pending.isEmpty,
            ] as JSONObject,
            "interfaces": interfaces,
        ]
    }
}

extension InterfaceReport: JSONReport {
    package var json: JSONObject {
        [
            "index": index, "alias": alias, "mac": mac, "vlan": vlan, "teamed": isTeamed, "acpiNodes": acpiNodes,
            "pending": isPending, "configuration": next, "status": live,
            "unknown": mac == nil ? ["mac": GuestReport.noMAC] : [:],
        ]
    }
}

extension ConnectionReport: JSONReport {
    package var json: JSONObject {
        [
            "kind": kind.rawValue, "name": name, "portgroup": portgroup, "address": address,
            "driverModel": driver?.model, "iommufd": driver?.iommufd,
        ]
    }
}
