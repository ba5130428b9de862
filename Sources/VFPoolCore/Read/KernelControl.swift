import Glibc
package import SRIOV
import Text

/// The kernel of this machine, as a change needs it; the only place that writes to sysfs.
package struct KernelControl: HostControl {
    private let sysfs: Sysfs
    private let root: String

    /// - Parameter root: where the kernel's tree is mounted.
    package init(_ sysfs: Sysfs, root: String = "/sys") {
        self.sysfs = sysfs
        self.root = root
    }

    private func path(_ port: PCIAddress) -> String { "\(root)/bus/pci/devices/\(port)" }

    package func value(_ attribute: PortChange.Attribute, of port: PCIAddress) throws(HostError) -> Int? {
        let path = "\(path(port))/\(attribute.rawValue)"
        guard access(path, F_OK) == 0 else { return nil }
        do throws(Failure) {
            return Int(digits: try Files.read(path).trimmed)
        } catch {
            throw HostError(path, errno)
        }
    }

    package func set(_ attribute: PortChange.Attribute, of port: PCIAddress, to value: Int) throws(HostError) {
        let path = "\(path(port))/\(attribute.rawValue)"
        let file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard file >= 0 else { throw HostError(path, errno) }
        defer { close(file) }
        // The kernel takes one write as the whole value, and answers with its error.
        let text = Array("\(value)\n".utf8)
        guard write(file, text, text.count) == text.count else { throw HostError(path, errno) }
    }

    package func functions(of port: PCIAddress) throws(HostError) -> [PCIAddress] {
        try read(port, programs: false).functions.map(\.address)
    }

    /// A driver that makes netdevs has none yet, or udev, which names them, has not done with its queue.
    package func isSettled(_ port: PCIAddress) throws(HostError) -> Bool {
        guard access("/run/udev/queue", F_OK) != 0 else { return false }
        return try !read(port, programs: false).functions.contains { $0.hostUses.contains(.otherNamespace) }
    }

    package func users(of port: PCIAddress) throws(HostError) -> [String] {
        try read(port, programs: true).functions.flatMap { function in
            function.hostUses.map { "VF \(function.index) (\($0.summary))" }
        }
    }

    private func read(_ port: PCIAddress, programs: Bool) throws(HostError) -> PhysicalFunction {
        do throws(SRIOVError) {
            return try sysfs.physicalFunction(port.description, includingPrograms: programs)
        } catch {
            throw HostError(path(port), ENODEV)
        }
    }
}

/// Another machine's kernel: out of reach.
package struct NoControl: HostControl {
    package init() {}

    package func value(_ attribute: PortChange.Attribute, of port: PCIAddress) throws(HostError) -> Int? { nil }

    package func set(_ attribute: PortChange.Attribute, of port: PCIAddress, to value: Int) throws(HostError) {
        throw HostError(attribute.rawValue, ENOTSUP)
    }

    package func functions(of port: PCIAddress) throws(HostError) -> [PCIAddress] {
        throw HostError(port.description, ENOTSUP)
    }

    package func isSettled(_ port: PCIAddress) throws(HostError) -> Bool { true }

    package func users(of port: PCIAddress) throws(HostError) -> [String] {
        throw HostError(port.description, ENOTSUP)
    }
}
