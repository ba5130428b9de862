package import Model

extension HostChange: JSONReport {
    package var json: JSONObject {
        [
            "kind": kind.rawValue, "what": what, "pool": pool, "pf": pf, "vf": vf, "address": address, "guest": guest,
            "uuid": uuid, "mac": mac, "before": before, "after": after, "message": message,
        ]
    }
}

extension Traffic: JSONReport {
    package var json: JSONObject {
        ["seconds": seconds, "vfs": rows, "guests": guests]
    }
}

extension Traffic.Row: JSONReport {
    package var json: JSONObject {
        [
            "pf": pf, "index": index, "address": address, "pool": pool, "use": use.rawValue, "guest": guest,
            "uuid": guestUUID, "rate": rate,
        ]
    }
}

extension Traffic.Sum: JSONReport {
    package var json: JSONObject { ["name": guest, "uuid": uuid, "vfs": vfs, "rate": rate] }
}

extension Traffic.Rate: JSONReport {
    package var json: JSONObject {
        [
            "receivedBytes": receivedBytes, "receivedPackets": receivedPackets, "transmittedBytes": transmittedBytes,
            "transmittedPackets": transmittedPackets, "dropped": dropped,
        ]
    }
}
