package import Model

extension PoolReport {
    func json(withFunctions: Bool) -> JSONObject {
        var status: JSONObject = [
            "active": isActive, "counts": isCoverageKnown ? counts : nil, "guests": guests,
        ]
        if withFunctions { status.add("functions", functions) }
        return [
            "name": name, "configuration": configuration, "status": status,
            "unknown": isCoverageKnown ? [:] : ["counts": "the pool's PF can't be seen from here"],
        ]
    }

    private var configuration: JSONObject {
        [
            "uuid": uuid, "pf": pf?.title, "pfAddress": pf?.address, "pfs": pfs, "title": titles.title,
            "description": titles.description, "vlan": vlan, "driverModel": driver.model, "iommufd": driver.iommufd,
            "portgroups": portgroups.map { group in
                [
                    "name": group.name, "vlan": group.vlan, "default": group.isDefault,
                    "settings": (wanted.portgroups[group.name] ?? WantedSettings()).json,
                ] as JSONObject
            }, "settings": wanted.general.json, "vfs": (pf ?? pfs.first)?.selection, "autostart": autostart,
            "managed": isManaged, "persistent": isPersistent,
        ]
    }
}

extension PoolPFReport: JSONReport {
    package var json: JSONObject {
        ["name": title ?? documentName, "address": address, "present": title != nil, "vfs": selection]
    }
}

extension WantedSettings {
    var json: JSONObject {
        [
            "trust": trust, "spoofCheck": spoofCheck, "maxRate": maxRate, "minRate": minRate,
            "linkState": self[.linkState], "vlanQoS": vlanQoS, "vlanProtocol": self[.vlanProtocol],
        ]
    }
}
