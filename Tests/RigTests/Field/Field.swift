import TestSupport

/// Guests and hosts in the shapes in which people have them: what was posted when SR-IOV and libvirt gave somebody trouble,
/// with made-up names and numbers. A suite here is about one side of it: cards, guests, networks, hosts.
enum Field {
    /// A guest's document as it is written by hand, which libvirt completes.
    static func guest(_ name: String, _ devices: String, beside: String = "", namespaces: String = "") -> RigPart {
        .guest(
            xml: """
                <domain type='qemu'\(namespaces)>
                  <name>\(name)</name>
                  <memory unit='MiB'>16</memory>
                  <vcpu>1</vcpu>
                  <os><type arch='x86_64' machine='q35'>hvm</type></os>
                  <devices>
                    <emulator>/usr/bin/qemu-system-x86_64</emulator>
                    <controller type='usb' model='none'/>
                    <memballoon model='none'/>
                    \(devices)
                  </devices>
                  \(beside)
                </domain>
                """)
    }
}

extension CommandResult {
    /// Its lines about something, of both streams.
    func lines(_ word: String) -> [Substring] {
        (stdout + stderr).split(separator: "\n").filter {
            $0.utf8.split(separator: UInt8(ascii: " ")).contains { $0.elementsEqual(word.utf8) }
        }
    }
}

extension Rig {
    /// Runs, as they are pasted into a shell, vfpool's commands that something printed in its hints.
    ///
    /// - Returns: the commands.
    func paste(from printed: CommandResult, _ word: String) throws -> [String] {
        var commands: [String] = []
        for line in (printed.stdout + printed.stderr).split(separator: "\n") {
            guard line.contains("hint: "), line.contains(word) else { continue }
            let parts = line.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
            for place in parts.indices where place % 2 == 1 && parts[place].hasPrefix("vfpool ") {
                commands.append(parts[place])
            }
        }
        for command in commands {
            let done = try sh("vfpool() { '\(Self.vfpool)' \"$@\"; }\n\(command)")
            if done.status != 0 { throw RigError("\(command): \(done)") }
        }
        return commands
    }
}
