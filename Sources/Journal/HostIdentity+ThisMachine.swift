import Glibc
package import Model
import Text

extension HostIdentity {
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
    package static func machine(root: String = "") -> String? {
        (try? Files.read(root + "/etc/machine-id", limit: 4096)).flatMap(machine(ofID:))
    }
}
