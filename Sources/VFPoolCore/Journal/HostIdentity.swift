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

    /// This machine, as it can be told without libvirt.
    ///
    /// - Parameter root: where its files are, for tests.
    package static func ofThisMachine(root: String = "") -> HostIdentity {
        // Only root can read it.
        let hardware = try? Files.read(root + "/sys/class/dmi/id/product_uuid", limit: 4096)
        return HostIdentity(name: ownName, uuid: hardware, isHardware: true, machine: machine(root: root))
    }

    static var ownName: String? {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What stands for this machine's machine-id; nil where it has none yet.
    static func machine(root: String = "") -> String? {
        guard let text = try? Files.read(root + "/etc/machine-id", limit: 4096), let id = normalized(text) else {
            return nil
        }
        return hash("vfpool " + id) + hash(id + " vfpool")
    }

    /// Lower case, without dashes; nil for what is no UUID, or one that stands for none.
    private static func normalized(_ text: String) -> String? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "\n") }
        guard digits.count == 32, digits.allSatisfy({ $0.isDigit || (0x61...0x66).contains($0 | 0x20) }),
            Set(digits).count > 1
        else { return nil }
        return String(decoding: digits, as: UTF8.self).asciiLowercased
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
