import Text

/// Finds everything on the host that sets VF counts at boot.
struct BootSetupReader {
    let files: SystemFiles

    func setup() -> BootSetup {
        var setup = SystemdUnits(files: files).setup()
        for kind in Kind.all {
            for folder in kind.folders {
                switch files.names(in: folder) {
                case .absent: break
                case .unknown(let reason): setup.unreadable.append(reason)
                case .known(let names):
                    for name in names where name.hasSuffix(bytes: kind.ending) {
                        read("\(folder)/\(name)", kind, into: &setup)
                    }
                }
            }
            for path in kind.single { read(path, kind, into: &setup) }
        }
        return setup
    }

    /// One way of setting counts by files of one form.
    private struct Kind {
        var means: CountSetter.Means
        var folders: [String] = []
        var ending = ""
        var single: [String] = []
        /// What a file that sets a count has in it.
        var mark: String
        /// Whether libvirt waits for it, and it sets the port up besides.
        var isOrdered = false
        /// Whether lines that hang together stand deeper than the one they belong to, as in YAML.
        var isIndented = false

        static let all = [
            Kind(
                means: .udevRule,
                folders: [
                    "/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d", "/usr/lib/udev/rules.d",
                ],
                ending: ".rules", mark: "sriov_numvfs"),
            Kind(
                means: .link, folders: ["/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network"],
                ending: ".link", mark: "SR-IOVVirtualFunctions="),
            Kind(
                means: .networkManager,
                folders: [
                    "/etc/NetworkManager/system-connections", "/run/NetworkManager/system-connections",
                    "/usr/lib/NetworkManager/system-connections",
                ], mark: "total-vfs="),
            Kind(
                means: .networkManager, folders: ["/etc/sysconfig/network-scripts"], mark: "SRIOV_TOTAL_VFS="),
            Kind(
                means: .netplan, folders: ["/etc/netplan", "/run/netplan", "/usr/lib/netplan"], ending: ".yaml",
                mark: "virtual-function-count:", isIndented: true),
            // Its `networking.service` is waited for, and brings `auto` ports up.
            Kind(
                means: .ifupdown, folders: ["/etc/network/interfaces.d"], single: ["/etc/network/interfaces"],
                mark: "sriov_numvfs", isOrdered: true, isIndented: true),
            Kind(
                means: .sysfsutils, folders: ["/etc/sysfs.d"], ending: ".conf", single: ["/etc/sysfs.conf"],
                mark: "sriov_numvfs"),
            Kind(
                means: .tmpfiles, folders: ["/etc/tmpfiles.d", "/run/tmpfiles.d"], ending: ".conf", mark: "sriov_numvfs"
            ),
            Kind(
                means: .script, folders: ["/etc/cron.d"],
                single: ["/etc/rc.local", "/etc/rc.d/rc.local", "/etc/crontab", "/var/spool/cron/crontabs/root"],
                mark: "sriov_numvfs"),
            Kind(means: .moduleOption, folders: ["/etc/modprobe.d"], ending: ".conf", mark: "max_vfs="),
        ]
    }

    private func read(_ path: String, _ kind: Kind, into setup: inout BootSetup) {
        switch files.text(path) {
        case .absent: return
        case .unknown(let reason): setup.unreadable.append(reason)
        case .known(let text):
            let lines = ConfigurationText.lines(text)
            for index in lines.indices where lines[index].contains(bytes: kind.mark) {
                let part =
                    kind.isIndented
                    ? ConfigurationText.block(lines, around: index)
                    : kind.mark.hasSuffix(bytes: "=") && kind.means != .moduleOption ? lines : [lines[index]]
                setup.setters.append(
                    CountSetter(
                        kind.means, path, part.joined(separator: "\n"),
                        count: ConfigurationText.count(lines[index], kind.mark), isBeforeLibvirt: kind.isOrdered,
                        setsUp: kind.isOrdered))
            }
        }
    }
}
