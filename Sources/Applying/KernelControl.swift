import Glibc
import Journal
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

    private func path(_ pf: PCIAddress) -> String { "\(root)/bus/pci/devices/\(pf)" }

    package func value(_ attribute: PFChange.Attribute, of pf: PCIAddress) throws(HostError) -> Int? {
        let path = "\(path(pf))/\(attribute.rawValue)"
        guard let bytes = try SystemFile.bytes(path, limit: 64) else { return nil }
        return Int(digits: String(decoding: bytes, as: UTF8.self).trimmed)
    }

    package func set(_ attribute: PFChange.Attribute, of pf: PCIAddress, to value: Int) throws(HostError) {
        let path = "\(path(pf))/\(attribute.rawValue)"
        let file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard file >= 0 else { throw HostError(path, errno) }
        defer { close(file) }
        // The kernel takes one write as the whole value, and answers with its error.
        let text = Array("\(value)\n".utf8)
        let count = write(file, text, text.count)
        guard count == text.count else { throw HostError(path, count < 0 ? errno : EIO) }
    }

    package func functions(of pf: PCIAddress) throws(HostError) -> [PCIAddress] {
        try read(pf, programs: false).functions.map(\.address)
    }

    /// A driver that makes netdevs has none yet, or udev, which names them, has not done with its queue.
    package func isSettled(_ pf: PCIAddress) throws(HostError) -> Bool {
        guard try SystemFile.status("/run/udev/queue") == nil else { return false }
        return try !known(pf, programs: false).contains { $0.hostUses.contains(.otherNamespace) }
    }

    package func users(of pf: PCIAddress) throws(HostError) -> [String] {
        try known(pf, programs: true).flatMap { function in
            function.hostUses.map { "VF \(function.index) (\($0.summary))" }
        }
    }

    /// Since the plan was made a guest may have got the VF: then nothing is tried on it.
    package func answer(to trial: SettingsTrial) throws(Failure) -> DriverAnswer {
        let records = FunctionRecords()
        let pf = try? sysfs.physicalFunction(trial.pf.netdev.string, includingPrograms: true)
        let isFree = pf?.functions.first { $0.address == trial.function.address }?.hostUses.isEmpty ?? false
        // What a guest's hook has written down is what the VF gets back.
        let isHeld = try records.record(of: trial.function.address).map { !$0.guestUUID.isEmpty } ?? false
        guard isFree, !isHeld else { return DriverAnswer(isUnknown: true) }
        return try trial.run(records)
    }

    /// The functions, of each of which it is known what the host does with it.
    private func known(_ pf: PCIAddress, programs: Bool) throws(HostError) -> [VirtualFunction] {
        let functions = try read(pf, programs: programs).functions
        if let error = functions.lazy.compactMap(\.unreadUse).first { throw error }
        return functions
    }

    private func read(_ pf: PCIAddress, programs: Bool) throws(HostError) -> PhysicalFunction {
        do throws(SRIOVError) {
            return try sysfs.physicalFunction(pf.description, includingPrograms: programs)
        } catch {
            if case .unreadable(let reason) = error.kind { throw reason }
            throw HostError(path(pf), ENODEV)
        }
    }
}

/// Another machine's kernel: out of reach.
package struct NoControl: HostControl {
    package init() {}

    package func value(_ attribute: PFChange.Attribute, of pf: PCIAddress) throws(HostError) -> Int? { nil }

    package func set(_ attribute: PFChange.Attribute, of pf: PCIAddress, to value: Int) throws(HostError) {
        throw HostError(attribute.rawValue, ENOTSUP)
    }

    package func functions(of pf: PCIAddress) throws(HostError) -> [PCIAddress] {
        throw HostError(pf.description, ENOTSUP)
    }

    package func isSettled(_ pf: PCIAddress) throws(HostError) -> Bool { true }

    package func users(of pf: PCIAddress) throws(HostError) -> [String] {
        throw HostError(pf.description, ENOTSUP)
    }

    package func answer(to trial: SettingsTrial) -> DriverAnswer { DriverAnswer(isUnknown: true) }
}
