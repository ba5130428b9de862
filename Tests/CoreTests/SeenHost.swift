import Model
import SRIOV
import TestSupport
import Text
import XML

/// A pretend host as a bystander sees it: its documents read, and who has what worked out, by nothing of vfpool's but its XML parser and
/// the values of the host itself.
struct SeenHost {
    struct Interface {
        /// nil: a plain `<hostdev>`.
        var mac: String?
        var pin: String?
        var network: Name?
    }

    struct SeenGuest {
        var name: Name
        var uuid: String
        /// nil: transient.
        var next: [Interface]?
        /// nil: off.
        var now: [Interface]?
        /// What its QEMU has.
        var held: Set<String>
    }

    struct Pool {
        var name: Name
        /// nil: not active.
        var live: [String]?
        /// What its next start hands out.
        var next: [String]
        /// Owners' UUIDs of the ports that libvirt's allocator made.
        var guestPorts: [(address: String, owner: String)]
        /// What its allocator passes over.
        var taken: Set<String>
    }

    /// One reason why a VF is not free.
    struct Holder: CustomStringConvertible {
        var description: String
        /// nil: the host.
        var guest: String?
        /// Whether a reboot leaves it.
        var lasts: Bool
    }

    let guests: [SeenGuest]
    let pools: [Pool]
    /// All VFs that there are.
    let functions: Set<String>
    private let hostUsed: Set<String>

    init(_ host: PretendHost) throws {
        guests = try host.guests.values.sorted { $0.name < $1.name }.map { guest in
            SeenGuest(
                name: guest.name, uuid: guest.uuid, next: try guest.persistent.map(Self.interfaces),
                now: try guest.live.map(Self.interfaces), held: Set(guest.held.map(\.description)))
        }
        let all = host.pfs.flatMap(\.functions)
        functions = Set(all.map(\.address.description))
        hostUsed = Set(all.filter { !$0.hostUses.isEmpty }.map(\.address.description))
        let ofPF = Dictionary(
            uniqueKeysWithValues: host.pfs.map { ($0.netdev, $0.functions.map(\.address.description)) })
        pools = try host.networks.values.sorted { $0.name < $1.name }.compactMap { network in
            guard let text = network.persistent ?? network.live else { return nil }
            guard let document = try Self.forward(text) else { return nil }
            let listed = Self.addresses(document)
            return Pool(
                name: network.name, live: try network.live.flatMap(Self.forward).map(Self.addresses),
                next: listed.isEmpty ? ofPF[document.first("pf")?[name: "dev"]] ?? [] : listed,
                guestPorts: network.ports.values.filter { $0.uuid.hasPrefix("33333333-") }.compactMap { port in
                    port.address.map { ($0.description, port.ownerUUID) }
                }, taken: Set(network.ports.values.compactMap(\.address?.description)))
        }
    }

    /// Everyone who has a VF, or will have it.
    func holders(_ address: String) -> [Holder] {
        var result = hostUsed.contains(address) ? [Holder(description: "the host", guest: nil, lasts: true)] : []
        for guest in guests {
            if guest.held.contains(address) {
                result.append(Holder(description: "\(guest.name), which runs with it", guest: guest.uuid, lasts: false))
            }
            if guest.next?.contains(where: { $0.pin == address }) ?? false {
                result.append(Holder(description: "\(guest.name), by its document", guest: guest.uuid, lasts: true))
            }
        }
        return result
    }

    // MARK: Documents

    private static func interfaces(_ text: String) throws -> [Interface] {
        let devices = try Document(parsing: text).root.first("devices")?.children ?? []
        return devices.compactMap { device in
            guard device.name == "interface" || device.name == "hostdev" else { return nil }
            let source = device.first("source")
            return Interface(
                mac: device.first("mac")?[attribute: "address"], pin: source?.first("address").flatMap(address),
                network: source?[name: "network"])
        }
    }

    /// nil: no pool.
    private static func forward(_ text: String) throws -> Element? {
        let forward = try Document(parsing: text).root.first("forward")
        return forward?[attribute: "mode"] == "hostdev" ? forward : nil
    }

    private static func addresses(_ forward: Element) -> [String] { forward.all("address").compactMap(address) }

    /// `0000:03:10.2`.
    private static func address(_ element: Element) -> String? {
        let parts = ["domain", "bus", "slot", "function"].map { name in
            element[attribute: name].flatMap { Int($0.hasPrefix("0x") ? String($0.dropFirst(2)) : $0, radix: 16) } ?? 0
        }
        func hex(_ number: Int, _ digits: Int) -> String {
            let text = String(number, radix: 16)
            return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
        }
        return "\(hex(parts[0], 4)):\(hex(parts[1], 2)):\(hex(parts[2], 2)).\(parts[3])"
    }
}
