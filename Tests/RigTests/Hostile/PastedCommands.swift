import TestSupport
import Testing
import Text

/// Commands as somebody pastes them, with nothing there to be run but what says how it was called.
enum PastedCommands {
    /// What hints may run. In these shells they are functions, and the PATH is empty: anything else is not found.
    private static let programs = [
        "vfpool", "virsh", "systemctl", "ip", "modprobe", "ulimit", "make", "lspci", "chmod", "sysctl",
        "rm", "nmcli", "networkctl", "netplan", "mlxconfig", "free", "ethtool", "dmesg", "echo", "devlink", "tar",
    ]

    /// Words that stand in backticks and are no commands.
    static func isNoCommand(_ text: String) -> Bool {
        text.hasPrefix(bytes: "--") || text.hasPrefix(bytes: "unmanaged-devices=")
            || [
                "intel_iommu=on", "update-grub", "virtnetworkd", "virtqemud", "version", "memlock", "nointremap",
                "host_uuid",
            ].contains(bytes: text)
    }

    /// - Returns: of each command, the words of all that it ran.
    static func run(_ commands: [String], by shell: String, on rig: Rig, folder: String) throws -> [[[String]]] {
        var script = "PATH=/nowhere\n"
        for program in programs {
            script += "\(program)() { printf '%s\\036' \(program) \"$@\"; printf '\\035'; }\n"
        }
        for command in commands { script += "printf '\\034'\n\(command)\n" }
        let running = try rig.start([shell, "-s"], input: script, folder: folder)
        let result = try running.wait()
        #expect(result.stderr == "", "\(shell): \(result.stderr.escapedForReport)")
        #expect(result.status == 0, "\(shell)")
        let parts = running.bytes.stdout.split(separator: 0x1C, omittingEmptySubsequences: false).dropFirst()
        return parts.map { part in
            part.split(separator: 0x1D).map { call in
                call.split(separator: 0x1E, omittingEmptySubsequences: false).dropLast().map {
                    String(decoding: $0, as: UTF8.self)
                }
            }
        }
    }
}
