import CLinux
import Glibc
import Model
import SRIOV
import Text

/// Whether SELinux lets libvirt's daemons run hooks, asked of the kernel, which has the policy.
///
/// Policies differ: some have a boolean for it, which is off; some name virtnetworkd alone, and then no guest starts at all where
/// there is a hook for guests, as virtqemud may not run it.
struct SELinux {
    private static let folder = "/sys/fs/selinux"
    private static let daemons: Set<Name> = ["libvirtd", "virtnetworkd", "virtqemud"]
    private static let boolean = "virt_hooks_unconfined"

    let files: SystemFiles
    /// What a file is labelled with.
    var label: (String) -> String?
    /// The kernel's answer to `SOURCE TARGET CLASS PERMISSIONS`.
    var ask: (String) -> String?

    init(_ files: SystemFiles = SystemFiles()) {
        self.files = files
        label = { Self.label(files.root + $0) }
        ask = { Self.ask(files.root + "\(Self.folder)/access", $0) }
    }

    /// Nil where SELinux is not there, only warns, or lets every daemon that runs run hooks.
    func problem() -> Confinement.Problem? {
        guard let mode = files.text("\(Self.folder)/enforce").value, mode.trimmed == "1" else { return nil }
        let domains = domains()
        guard !domains.isEmpty, let target = target(), let permission = permission() else {
            return Confinement.Problem(
                cause: "SELinux is enforcing, and it is not known whether it lets libvirt's daemons run hooks",
                hints: booleanHints + ["start libvirt's daemons, and run this again as root"])
        }
        for (daemon, domain) in domains {
            let question = "\(domain) \(target) \(permission.ofClass) \(String(permission.mask, radix: 16))"
            guard let answer = ask(question) else {
                return Confinement.Problem(
                    cause: "SELinux is enforcing, and gives no answer whether \(daemon) may run hooks",
                    hints: booleanHints + ["run this as root"])
            }
            if !Self.isAllowed(answer, permission.mask) { return refusal(daemon, domain, target) }
        }
        return nil
    }

    private func refusal(_ daemon: Name, _ domain: String, _ target: String) -> Confinement.Problem {
        var hints = booleanHints
        if !target.contains(bytes: ":virt_hook_t:") {
            hints.append("give the folder the label that the policy has for it: `restorecon -R /etc/libvirt/hooks`")
        }
        hints.append(
            "or allow it by a policy module: `ausearch -m avc -c \(shell: daemon) | audit2allow -M vfpool-hooks`, then `semodule -i vfpool-hooks.pp`"
        )
        return Confinement.Problem(
            cause: "SELinux does not let \(daemon) (\(domain)) run hooks (\(target)): guests would not start",
            hints: hints)
    }

    private var booleanHints: [Hint] {
        guard let text = files.text("\(Self.folder)/booleans/\(Self.boolean)").value,
            text.utf8.first == UInt8(ascii: "0")
        else { return [] }
        return ["the policy has a boolean for it, which is off: `setsebool -P virt_hooks_unconfined on`"]
    }

    /// The allowed permissions come first, and last whether the domain is only warned of.
    private static func isAllowed(_ answer: String, _ mask: UInt32) -> Bool {
        let words = answer.words.map(String.init)
        guard let allowed = words.first.flatMap({ UInt32($0, radix: 16) }) else { return false }
        let isPermissive = words.count > 5 && UInt32(words[5], radix: 16).map { $0 & 1 != 0 } ?? false
        return allowed & mask == mask || isPermissive
    }

    // MARK: What is asked about

    private func domains() -> [(daemon: Name, domain: String)] {
        var found: [(Name, String)] = []
        for pid in files.names(in: "/proc").value ?? [] where Int(digits: pid) != nil {
            guard let text = files.text("/proc/\(pid)/comm").value else { continue }
            let name = Name(text.trimmed)
            guard Self.daemons.contains(name), let domain = files.text("/proc/\(pid)/attr/current").value else {
                continue
            }
            found.append((name, Self.withoutEnd(domain)))
        }
        return found.sorted { $0.0 < $1.0 }
    }

    /// The label that a new hook gets: its folder's.
    private func target() -> String? {
        for path in ["\(HookFile.folder)/qemu.d", "\(HookFile.folder)/network.d", HookFile.folder, "/etc/libvirt"] {
            if let label = label(path) { return Self.withoutEnd(label) }
        }
        return nil
    }

    private func permission() -> (ofClass: Int, mask: UInt32)? {
        let file = "\(Self.folder)/class/file"
        guard let number = files.text("\(file)/index").value.flatMap({ Int(digits: $0.trimmed) }),
            let bit = files.text("\(file)/perms/execute").value.flatMap({ Int(digits: $0.trimmed) }),
            (1...32).contains(bit)
        else { return nil }
        return (number, 1 << UInt32(bit - 1))
    }

    /// Labels end with a zero byte, and a line's end.
    private static func withoutEnd(_ text: String) -> String {
        String(decoding: text.utf8.prefix { $0 > 0x20 }, as: UTF8.self)
    }

    // MARK: The kernel

    private static func label(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = getxattr(path, "security.selinux", &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }

    /// A question is written, and its answer read from the same open file.
    private static func ask(_ path: String, _ question: String) -> String? {
        let file = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let bytes = Array(question.utf8)
        guard write(file, bytes, bytes.count) == bytes.count else { return nil }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = pread(file, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
}
