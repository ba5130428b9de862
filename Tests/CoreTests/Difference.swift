import Model
import SRIOV
import TestSupport
import Text
import XML

/// What tells two states of one host apart, in words.
enum Difference {
    /// A running guest's interface that was unplugged and plugged again may have another function of its pool, and stands
    /// last in its document: that is no difference.
    static func between(_ one: PretendHost, _ other: PretendHost) -> [String] {
        if one == other { return [] }
        var result: [String] = []
        for (before, after) in zip(one.pfs, other.pfs) {
            if before.functions.map(\.address) != after.functions.map(\.address) {
                result.append("port \(before.title): VFs")
            }
            if before.probesDrivers != after.probesDrivers { result.append("port \(before.title): host drivers") }
        }
        for name in Set(one.networks.keys).union(other.networks.keys).sorted() {
            let (before, after) = (one.networks[name], other.networks[name])
            if before?.persistent != after?.persistent { result.append("network \(name): document") }
            if before?.live != after?.live { result.append("network \(name): live document") }
            if before?.autostart != after?.autostart { result.append("network \(name): autostart") }
            if pfs(before) != pfs(after) { result.append("network \(name): ports") }
        }
        for uuid in Set(one.guests.keys).union(other.guests.keys).sorted() {
            let (before, after) = (one.guests[uuid], other.guests[uuid])
            let name = before?.name ?? after?.name ?? Name(uuid)
            if before?.persistent != after?.persistent { result.append("guest \(name): document") }
            if devices(before?.live) != devices(after?.live) { result.append("guest \(name): live devices") }
            if before?.held.count != after?.held.count { result.append("guest \(name): functions") }
        }
        return result
    }

    /// A pool that was restarted on the way covers all its functions, with reservations, and need not have before.
    static func between(_ one: PretendHost, _ other: PretendHost, after plan: Plan) -> [String] {
        let isWider = plan.steps.contains { if case .startNetwork = $0 { true } else { false } }
        return between(one, other).filter { words in
            !(isWider && (words.hasSuffix("live document") || words.hasSuffix("ports")))
        }
    }

    /// Only what runs.
    static func live(_ one: PretendHost, _ other: PretendHost) -> [String] {
        between(one, other).filter { !$0.hasSuffix(": document") }
    }

    private static func pfs(_ network: PretendHost.Net?) -> [String] {
        (network?.ports.values.map { port in
            // Which function a guest got from the pool is the pool's choice.
            Reservation.isOurs(port)
                ? "reserved \(port.address?.description ?? "") \(port.ownerName)"
                : "\(port.ownerName) \(port.mac?.description ?? "")"
        } ?? []).sorted()
    }

    private static func devices(_ live: String?) -> [String]? {
        guard let live, let document = try? Document(parsing: live) else { return nil }
        let devices = document.root.first("devices")?.children ?? []
        return devices.map { device in
            let mac = device.first("mac")?[attribute: "address"] ?? ""
            let place = device.first("address").flatMap(GuestReader.pciAddress)?.description ?? ""
            return "\(device.name) \(device[attribute: "type"] ?? "") \(mac) \(place)"
        }.sorted()
    }
}
