package import Model
package import SRIOV

/// What arguments of the command line mean, where Core's own types are needed to say so.
package enum Arguments {
    /// Twelve hexadecimal digits as people write them; nil for anything else.
    package static func mac(_ text: String) -> MACAddress? { MACAddress(word: text) }

    /// Whether it is a PCI address, `0000:03:10.2` or without the domain, or libvirt's node device of one.
    package static func isAddress(_ text: String) -> Bool { DeviceWord(text).address != nil }

    /// The refusal of a VLAN trunk, in the words that documents with one get.
    package static func trunk(_ subject: String) -> Failure { CreateChecks.trunk(subject) }

    /// MACs in QEMU's range, `52:54:00`, each different, that no guest of this host has, now or at its next start.
    package static func newMACs(_ count: Int, _ state: State) -> [MACAddress] {
        var used: Set<MACAddress> = []
        for guest in state.guests { used.formUnion((guest.interfaces + guest.liveInterfaces).compactMap(\.mac)) }
        for network in state.networks { used.formUnion((network.ports ?? []).compactMap(\.mac)) }
        var found: [MACAddress] = []
        // 2^24 addresses: more than a few attempts for each means that something else is wrong.
        for _ in 0..<(1000 + 10 * count) where found.count < count {
            let bytes = (0..<3).map { _ in UInt8.random(in: 0...255) }
            let text = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
            if let mac = MACAddress("52:54:00:" + text), used.insert(mac).inserted { found.append(mac) }
        }
        return found
    }
}
