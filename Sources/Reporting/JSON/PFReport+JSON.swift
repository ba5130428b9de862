package import Model

extension PFReport: JSONReport {
    package var json: JSONObject {
        var unknown = UnknownFields()
        let configuration: JSONObject = [
            "netdev": netdev, "otherNetdevs": otherNetdevs, "permanentMAC": unknown.value(permanentMAC, "permanentMAC"),
            "enabledVFs": enabledVFs, "possibleVFs": unknown.value(possibleVFs, "possibleVFs"), "pools": pools,
        ]
        let status: JSONObject = [
            "up": unknown.value(isUp, "up"), "carrier": unknown.value(hasCarrier, "carrier"),
            "mac": unknown.value(mac, "mac"), "driver": unknown.value(driver, "driver"),
            "iommuGroup": unknown.value(iommuGroup, "iommuGroup"), "numaNode": unknown.value(numaNode, "numaNode"),
            "counts": counts, "functions": functions,
        ]
        return [
            "name": title, "address": address, "configuration": configuration, "status": status,
            "unknown": unknown.reasons,
        ]
    }
}

extension FunctionCounts: JSONReport {
    package var json: JSONObject {
        [
            "total": total, "free": free, "later": later, "taken": taken, "reserved": reserved, "outside": outside,
            "host": host, "unknown": unknown + perhapsFree,
        ]
    }
}

extension FunctionReport: JSONReport {
    package var json: JSONObject {
        var unknown = UnknownFields()
        if use == .unknown { unknown["use"] = reason }
        if isPerhapsFree {
            unknown["use"] = "libvirt counts it as free, but the host's kernel can't be asked from here"
            unknown["hostUse"] = unknown["use"]
        }
        var json: JSONObject = [
            "index": index, "address": address, "pf": pf, "use": isPerhapsFree ? .unknown : use, "reason": reason,
            "pools": pools, "guest": guest, "guestUUID": guestUUID,
            "interface": interfaceIndex.map { ["index": $0, "alias": interfaceAlias] as JSONObject },
            "mac": unknown.value(mac, "mac"), "actualMAC": unknown.value(actualMAC, "actualMAC"),
            "vlan": unknown.value(vlan, "vlan"), "driver": unknown.value(driver, "driver"),
            "iommuGroup": unknown.value(iommuGroup, "iommuGroup"), "numaNode": unknown.value(numaNode, "numaNode"),
            "wantedSettings": wantedSettings.json,
            "actualSettings": unknown.value(actualSettings, "actualSettings")?.json, "otherHolders": otherHolders,
        ]
        json.add("unknown", unknown.reasons)
        return json
    }
}
