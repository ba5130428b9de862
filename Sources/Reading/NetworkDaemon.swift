import Model
import Text

/// The daemon that runs libvirt's networks on this machine: libvirtd, or virtnetworkd where each driver has its own.
package enum NetworkDaemon {
    /// The network driver's, whichever daemon has it: it holds a lock on this file while it runs.
    private static let pidFile = "/run/libvirt/network/driver.pid"
    private static let daemons: Set<Name> = ["libvirtd", "virtnetworkd"]

    /// Its systemd unit, else its name; nil where neither can be told.
    static func name(_ files: SystemFiles = SystemFiles()) -> Name? {
        guard let pid = files.text(pidFile).value?.trimmed, Int(digits: pid) != nil else { return nil }
        guard let program = files.text("/proc/\(pid)/comm").value?.trimmed, daemons.contains(Name(program)) else {
            return nil
        }
        return files.text("/proc/\(pid)/cgroup").value.flatMap(unit) ?? Name(program)
    }

    /// `0::/system.slice/libvirtd.service`, before cgroup v2 `1:name=systemd:/system.slice/libvirtd.service`.
    private static func unit(_ text: String) -> Name? {
        for line in text.lines {
            let parts = line.split(byte: ":", keepsEmpty: true)
            guard parts.count >= 3, parts[1].isEmpty || parts[1].isSame(as: "name=systemd") else { continue }
            let last = line.cut(atLast: "/")?.after ?? ""
            if last.hasSuffix(bytes: ".service") { return Name(last) }
        }
        return nil
    }
}
