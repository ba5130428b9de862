import Glibc
import Text

/// Which machine a change was made on, as far as that can be told.
///
/// Names say little: two may lead to one machine, and one may lead to another machine tomorrow. A state folder on a
/// network's disk is shared by machines, and an image that is copied takes its journal along.
package struct HostIdentity: Sendable, Codable, Equatable {
    /// What the machine calls itself; for people.
    package var name: String?
    /// libvirt's UUID of it.
    package var uuid: String?
    /// Whether the UUID is the hardware's. Where the hardware has none, libvirt makes one up at every start.
    package var isHardware: Bool?
    /// Made of its machine-id, where the machine is the one that vfpool ran on: the number itself is not for others.
    package var machine: String?

    package init(name: String? = nil, uuid: String? = nil, isHardware: Bool = false, machine: String? = nil) {
        self.name = name
        self.uuid = uuid.flatMap(Self.normalized)
        self.isHardware = self.uuid == nil ? nil : isHardware
        self.machine = machine
    }

    /// Lower case, without dashes; nil for what is no UUID, or one that stands for none.
    private static func normalized(_ text: String) -> String? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "\n") }
        guard digits.count == 32, digits.allSatisfy({ $0.isDigit || (0x61...0x66).contains($0 | 0x20) }),
            Set(digits).count > 1
        else { return nil }
        return String(decoding: digits, as: UTF8.self).asciiLowercased
    }

    /// What stands for a machine with this machine-id; nil where it has none yet.
    package static func machine(ofID text: String) -> String? {
        normalized(text).map { hash("vfpool " + $0) + hash($0 + " vfpool") }
    }

    /// FNV-1a, in 16 hexadecimal digits.
    private static func hash(_ text: String) -> String {
        let value = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Whether this is the same machine as another; nil where that can't be told.
    package func isSame(as other: HostIdentity) -> Bool? {
        let areHardware = isHardware == true && other.isHardware == true
        if let machine, let theirs = other.machine {
            // An image that was copied has its original's machine-id.
            return machine == theirs && !(areHardware && uuid != other.uuid)
        }
        if let uuid, let theirs = other.uuid {
            if uuid == theirs { return true }
            if areHardware { return false }
        }
        if let name, let theirs = other.name, !name.isSame(as: theirs) { return false }
        return nil
    }

    /// For sentences: `host kvm7`.
    package var title: String { name.map { "host \($0)" } ?? "a host without a name" }

    /// All that tells two of one name apart.
    package var detail: String { uuid.map { "\(title), UUID \($0)" } ?? title }
}
