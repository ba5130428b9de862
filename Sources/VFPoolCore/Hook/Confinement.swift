import Glibc
import Text

/// What keeps libvirt's daemon from running a program, as far as that can be seen.
package enum Confinement {
    private static let profiles = "/sys/kernel/security/apparmor/profiles"

    /// Folders whose programs AppArmor's profiles for libvirt's daemons allow (`/usr/bin/* PUx`).
    private static let allowed: Set = ["/bin", "/sbin", "/usr/bin", "/usr/sbin"]

    /// Why the daemon may not run a program of this path; nil where nothing speaks against it.
    ///
    /// - Parameter text: what the kernel says of AppArmor's profiles; nil to ask it.
    package static func problem(running program: String, profiles text: String? = nil) -> String? {
        let lines = (text ?? (try? Files.read(profiles)) ?? "").lines
        let daemons = ["libvirtd", "virtqemud", "virtnetworkd"]
        guard
            let line = lines.first(where: { line in
                line.hasSuffix(bytes: "(enforce)")
                    && daemons.contains { line.hasPrefix(bytes: $0 + " ") || line.contains(bytes: "/\($0) ") }
            })
        else { return nil }
        let folder = String(program.cut(atLast: "/")?.before ?? "")
        guard !allowed.contains(folder) else { return nil }
        return
            "AppArmor's profile \(line.split(byte: " ").first ?? "") lets it run programs of \(allowed.sorted().joined(separator: ", "))"
    }
}
