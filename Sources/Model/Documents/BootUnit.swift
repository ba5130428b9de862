package import SRIOV
import Text

/// vfpool's units: one sets a PF's VF count before libvirt starts, the others bring pools in line after.
package enum BootUnit: String, CaseIterable {
    /// One for all PFs; the instance is the PF's PCI address, which no renaming changes.
    case functions = "vfpool-vfs@.service"
    case reconcile = "vfpool-reconcile.service"
    case timer = "vfpool-reconcile.timer"
    case path = "vfpool-reconcile.path"
    /// Run by `path`, which has no other way to leave out what is no guest's.
    case guests = "vfpool-guests.service"
    case reload = "vfpool-reload.service"

    static let folder = "/etc/systemd/system"
    package static let settingsFolder = "/etc/vfpool"

    /// Those that vfpool writes into.
    package static let folders =
        [folder, settingsFolder] + ["multi-user", "timers", "paths"].map { "\(folder)/\($0).target.wants" }

    /// The one that `doctor` looks for among systemd's units.
    package static let name = BootUnit.functions.rawValue

    package var file: String { "\(Self.folder)/\(rawValue)" }

    /// What enables it, as `systemctl enable` does; nil for one that others start.
    package func wantedBy(_ pf: PCIAddress) -> String? {
        switch self {
        case .functions: "\(Self.folder)/multi-user.target.wants/vfpool-vfs@\(pf).service"
        case .reconcile, .reload: "\(Self.folder)/multi-user.target.wants/\(rawValue)"
        case .timer: "\(Self.folder)/timers.target.wants/\(rawValue)"
        case .path: "\(Self.folder)/paths.target.wants/\(rawValue)"
        case .guests: nil
        }
    }

    /// - Parameter program: the vfpool that it runs, where it runs one.
    /// - Throws: `invalid-template`.
    package func text(program: String) throws(Failure) -> String {
        switch self {
        case .functions: return String(decoding: PackageResources.vfpool_vfs__service, as: UTF8.self)
        case .timer: return String(decoding: PackageResources.vfpool_reconcile_timer, as: UTF8.self)
        case .path: return String(decoding: PackageResources.vfpool_reconcile_path, as: UTF8.self)
        case .guests: return String(decoding: PackageResources.vfpool_guests_service, as: UTF8.self)
        case .reload: return String(decoding: PackageResources.vfpool_reload_service, as: UTF8.self)
        case .reconcile:
            let template = String(decoding: PackageResources.vfpool_reconcile_service, as: UTF8.self)
            let (command, condition) = ("\nExecStart=/usr/bin/vfpool ", "\nConditionFileIsExecutable=/usr/bin/vfpool\n")
            guard template.contains(bytes: command), template.contains(bytes: condition) else {
                throw Failure(.invalidTemplate, "the template \(rawValue) runs no vfpool")
            }
            return template.replacing(bytes: command, with: "\nExecStart=\(SystemdWord.running(program)) ")
                .replacing(bytes: condition, with: "\nConditionFileIsExecutable=\(SystemdWord.runs(program))\n")
        }
    }

    /// The program that a unit of vfpool's runs; nil where it needs none.
    package static func program(of text: String) -> String? {
        let lines = ConfigurationText.lines(text)
        for command in lines.compactMap({ $0.without(prefix: "ExecStart=") }).map({
            UnitCommand.words(String($0), isCStyle: true)
        }) {
            // See `SystemdWord.running`.
            let isByShell = command.starts(with: ["/bin/sh", "-c"]) && command.count > 4
            let word = (isByShell ? command[3] : command.first)?.replacing(bytes: "%%", with: "%")
            guard let path = word?.replacing(bytes: "$$", with: "$"), !path.isSame(as: "/bin/sh") else { continue }
            if path.hasPrefix(bytes: "/") { return path }
        }
        return nil
    }

    package static func address(ofInstance unit: String) -> PCIAddress? {
        unit.without(prefix: "vfpool-vfs@")?.without(suffix: ".service").flatMap { PCIAddress(String($0)) }
    }

    // MARK: The count

    /// Where the count is written down for the unit.
    package static func settingsPath(_ address: PCIAddress) -> String { "\(settingsFolder)/vfs-\(address).conf" }

    package static func settingsText(_ pf: PhysicalFunction, count: Int, hostDrivers: Bool) -> String {
        let mac = pf.permanentMAC.map { ", \($0)" } ?? ""
        return """
            # The VFs of \(ShellWord(pf.title))\(mac), for vfpool-vfs@\(pf.address).service; written by vfpool.
            VFS=\(count)
            # Whether they get a driver of the host's: yes or no.
            HOST_DRIVER=\(hostDrivers ? "yes" : "no")

            """
    }

    /// What the settings say; nil for a text without a count.
    package static func settings(_ text: String) -> (count: Int, hostDrivers: Bool)? {
        var values: [Name: Name] = [:]
        for line in ConfigurationText.lines(text) {
            if let (key, value) = line.cut(at: "=") { values[Name(key)] = Name(value) }
        }
        guard let count = values["VFS"].flatMap({ Int(digits: $0.string) }) else { return nil }
        return (count, values["HOST_DRIVER"] != "no")
    }
}
