import Glibc
package import Model
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
        guard let bytes = try SystemFile.bytes(path, limit: 64) else { return nil }
        return Int(digits: String(decoding: bytes, as: UTF8.self).trimmed)
    }

    package func set(_ attribute: PortChange.Attribute, of port: PCIAddress, to value: Int) throws(HostError) {
        let path = "\(path(port))/\(attribute.rawValue)"
        let file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard file >= 0 else { throw HostError(path, errno) }
        defer { close(file) }
        // The kernel takes one write as the whole value, and answers with its error.
        let text = Array("\(value)\n".utf8)
        let count = write(file, text, text.count)
        guard count == text.count else { throw HostError(path, count < 0 ? errno : EIO) }
    }

    package func functions(of port: PCIAddress) throws(HostError) -> [PCIAddress] {
        try read(port, programs: false).functions.map(\.address)
    }

    /// A driver that makes netdevs has none yet, or udev, which names them, has not done with its queue.
    package func isSettled(_ port: PCIAddress) throws(HostError) -> Bool {
        guard try SystemFile.status("/run/udev/queue") == nil else { return false }
        return try !known(port, programs: false).contains { $0.hostUses.contains(.otherNamespace) }
    }

    package func users(of port: PCIAddress) throws(HostError) -> [String] {
        try known(port, programs: true).flatMap { function in
            function.hostUses.map { "VF \(function.index) (\($0.summary))" }
        }
    }

    /// The functions, of each of which it is known what the host does with it.
    private func known(_ port: PCIAddress, programs: Bool) throws(HostError) -> [VirtualFunction] {
        let functions = try read(port, programs: programs).functions
        if let error = functions.lazy.compactMap(\.unreadUse).first { throw error }
        return functions
    }

    private func read(_ port: PCIAddress, programs: Bool) throws(HostError) -> PhysicalFunction {
        do throws(SRIOVError) {
            return try sysfs.physicalFunction(port.description, includingPrograms: programs)
        } catch {
            if case .unreadable(let reason) = error.kind { throw reason }
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
