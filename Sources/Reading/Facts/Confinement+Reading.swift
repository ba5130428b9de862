package import Model
import SRIOV
import Text

extension Confinement {
    private static let profiles = "/sys/kernel/security/apparmor/profiles"

    /// Folders whose programs AppArmor's profiles for libvirt's daemons allow (`/usr/bin/* PUx`).
    private static let allowed: Set = ["/bin", "/sbin", "/usr/bin", "/usr/sbin"]

    /// Why the daemon may not run a program of this path, or hooks at all; nil where nothing speaks against it.
    ///
    /// - Throws: `host-unreadable`.
    package static func problem(running program: String) throws(Failure) -> Problem? {
        if let problem = try problem(running: program, profiles: nil) { return problem }
        return SELinux().problem()
    }

    /// - Parameter text: what the kernel says of AppArmor's profiles; nil to ask it.
    static func problem(running program: String, profiles text: String?) throws(Failure) -> Problem? {
        let known = if let text { text } else { try read() }
        let lines = known.lines
        let daemons = ["libvirtd", "virtqemud", "virtnetworkd"]
        guard
            let line = lines.first(where: { line in
                line.hasSuffix(bytes: "(enforce)")
                    && daemons.contains { line.hasPrefix(bytes: $0 + " ") || line.contains(bytes: "/\($0) ") }
            })
        else { return nil }
        let folder = program.pathFolder
        guard !allowed.contains(folder) else { return nil }
        return Problem(
            cause:
                "AppArmor's profile \(line.split(byte: " ").first ?? "") lets it run programs of \(allowed.sorted().joined(separator: ", "))",
            hints: [
                "install vfpool there: `make install PREFIX=/usr`",
                "or allow it: `\(shell: program) PUx,` in /etc/apparmor.d/local/usr.sbin.libvirtd, with modular daemons usr.sbin.virtqemud and usr.sbin.virtnetworkd, then reload that profile",
            ])
    }

    /// Nothing without AppArmor, and for those who may not ask it: they may not install a hook either.
    private static func read() throws(Failure) -> String {
        do throws(HostError) {
            return String(decoding: try SystemFile.bytes(profiles) ?? [], as: UTF8.self)
        } catch {
            if error.isDenial { return "" }
            throw Failure(.unreadable, "it is not known whether AppArmor lets libvirt run programs", error)
        }
    }
}
