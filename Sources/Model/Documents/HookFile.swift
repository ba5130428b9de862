import Text

/// One of the two files by which libvirt finds vfpool's hook.
package enum HookFile: String, Sendable, CaseIterable {
    /// Gives and takes back settings, with a guest's port.
    case network
    /// Adds to VLAN tags when a guest starts: libvirt sets the VLAN after the other one was run.
    case qemu

    package static let folder = "/etc/libvirt/hooks"

    /// Those that vfpool writes into.
    package static let folders = allCases.map { "\(folder)/\($0.rawValue).d" }

    /// `/etc/libvirt/hooks/network.d/vfpool`: such folders hold any number of hooks since libvirt 6.5.0.
    package var path: String { "\(Self.folder)/\(rawValue).d/vfpool" }

    package static let paths = allCases.map(\.path)

    package static let mode: UInt32 = 0o755

    /// libvirt's drivers that run hooks, and its daemon.
    package static let drivers = ["daemon", "qemu", "lxc", "libxl", "bhyve", "network"]

    /// The script that runs this vfpool.
    package static func text(program: String) throws(Failure) -> String {
        let template = String(decoding: PackageResources.hook_sh, as: UTF8.self)
        var lines = template.split(byte: "\n", keepsEmpty: true).map(String.init)
        guard let index = lines.firstIndex(where: { $0.hasPrefix(bytes: programLine) }) else {
            throw Failure(.invalidTemplate, "the template hook.sh names no program")
        }
        lines[index] = programLine + ShellWord(program).shellText
        return lines.joined(separator: "\n")
    }

    private static let programLine = "vfpool="

    /// The vfpool that vfpool's script runs; nil of another script, and where it is quoted in a way that is not read here.
    package static func program(of text: String) -> String? {
        guard isOurs(text), let word = text.lines.lazy.compactMap({ $0.without(prefix: programLine) }).first else {
            return nil
        }
        let quoted = word.without(prefix: "'")?.without(suffix: "'").map { $0.replacing(bytes: "'\\''", with: "'") }
        let path = quoted ?? String(word)
        return ShellWord(path).shellText.isSame(as: String(word)) ? path : nil
    }

    /// Whether a script is vfpool's, of whatever version and place.
    package static func isOurs(_ text: String) -> Bool { text.hasPrefix(bytes: "#!/bin/sh\n# vfpool's hook.") }
}
