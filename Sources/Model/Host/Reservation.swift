package import SRIOV
package import Text

/// A port that keeps one function of a live pool for whoever holds it outside the pool.
///
/// libvirt's allocator counts it as taken (`virNetworkPortCreateXML` with RECLAIM, 5.5.0). Its UUID is made of the
/// network and the function, so a reservation is told from a guest's own port without any bookkeeping.
package struct Reservation: Sendable, Equatable, Codable {
    package var address: String
    /// Who holds the function: a guest's name and UUID, or the host.
    package var ownerName: Name
    package var ownerUUID: String
    package var mac: String
    package var uuid: String

    /// The owner of what the host itself holds.
    package static let hostName: Name = "vfpool-host"
    package static let hostUUID = "76667000-0000-8000-8000-000000000000"

    package init(of address: PCIAddress, in networkUUID: String, ownerName: Name, ownerUUID: String, mac: MACAddress?) {
        self.address = address.description
        self.ownerName = ownerName
        self.ownerUUID = ownerUUID
        self.mac = mac?.description ?? Self.placeholderMAC(address)
        self.uuid = Self.uuid(of: address, in: networkUUID)
    }

    package init(port: NetworkPortState, address: PCIAddress) {
        self.address = address.description
        self.ownerName = port.ownerName
        self.ownerUUID = port.ownerUUID
        self.mac = port.mac?.description ?? Self.placeholderMAC(address)
        self.uuid = port.uuid
    }

    /// False for a guest's own port that it left behind.
    package var isOurs: Bool { Self.isOurs(uuid) }

    /// Whether a port was made by vfpool, of whatever network.
    package static func isOurs(_ port: NetworkPortState) -> Bool {
        isOurs(port.uuid)
    }

    private static func isOurs(_ uuid: String) -> Bool { uuid.hasPrefix(bytes: "76667000-") }

    package static func isReservation(_ port: NetworkPortState, of networkUUID: String) -> Bool {
        guard let address = port.address else { return false }
        return port.uuid.asciiLowercased == uuid(of: address, in: networkUUID)
    }

    /// A custom (version 8) UUID that begins with `vfp` in ASCII.
    package static func uuid(of address: PCIAddress, in networkUUID: String) -> String {
        let digest = hash("\(networkUUID.asciiLowercased) \(address)")
        let other = hash("\(address) \(networkUUID.asciiLowercased)")
        let high = hex(digest, 16)
        let low = hex(other, 12)
        return "76667000-\(high.prefix(4))-8\(high.dropFirst(4).prefix(3))-8\(high.dropFirst(7).prefix(3))-\(low)"
    }

    /// A locally administered unicast MAC for a holder that has none of its own; nothing ever uses it on a wire.
    private static func placeholderMAC(_ address: PCIAddress) -> String {
        let digits = hex(hash(address.description), 10)
        let pairs = stride(from: 0, to: 10, by: 2).map { String(digits.dropFirst($0).prefix(2)) }
        return (["02"] + pairs).joined(separator: ":")
    }

    /// FNV-1a: the same on every machine and in every run, unlike Swift's own hashing.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    private static func hex(_ value: UInt64, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        let padded = String(repeating: "0", count: max(0, 16 - text.count)) + text
        return String(padded.suffix(digits))
    }
}
