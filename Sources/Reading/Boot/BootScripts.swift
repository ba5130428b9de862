import Model
import Text

/// Scripts that something runs at boot, or when a netdev comes up: rc.local, cron, hooks of network services.
struct BootScripts {
    let files: BootFiles

    func setters(_ pfs: [PFTraits]) -> [CountSetter] {
        var setters: [CountSetter] = []
        for path in once(single + perBoot + startScripts) { setters += run(path, .script, ["start"], pfs) }
        for path in once(networkHooks) { setters += run(path, .hook, nil, pfs) }
        for path in once(libvirtHooks) { setters += run(path, .hook, nil, pfs) }
        for path in once(periodic) { setters += run(path, .cron, [], pfs) }
        return setters + Crontabs(files: files).setters(pfs)
    }

    private func run(
        _ path: String, _ means: CountSetter.Means, _ arguments: [String]?, _ pfs: [PFTraits]
    ) -> [CountSetter] {
        let run = ScriptRun(files)
        run.run(
            program: path, arguments.map { $0.map { ScriptValues($0) } }, ScriptScope(path),
            isDirect: true)
        return run.effects.setters(means, pfs, runBy: path)
    }

    // MARK: Where they are

    private let single = [
        "/etc/rc.local", "/etc/rc.d/rc.local", "/etc/init.d/boot.local", "/etc/init.d/after.local",
        "/etc/rc.d/boot.local", "/etc/rc.d/after.local",
    ]

    /// cloud-init runs these at every boot.
    private var perBoot: [String] { all("/var/lib/cloud/scripts/per-boot") }

    /// System V's scripts that are started in some runlevel, and OpenRC's.
    private var startScripts: [String] {
        var paths: [String] = []
        for level in ["S", "2", "3", "4", "5"] {
            for folder in ["/etc/rc\(level).d", "/etc/rc.d/rc\(level).d"] {
                paths += files.names(in: folder).filter { $0.hasPrefix(bytes: "S") }.map { "\(folder)/\($0)" }
            }
        }
        let folder = "/etc/local.d"
        return paths + files.names(in: folder).filter { $0.hasSuffix(bytes: ".start") }.map { "\(folder)/\($0)" }
    }

    private var networkHooks: [String] {
        let folders = [
            "/etc/network/if-pre-up.d", "/etc/network/if-up.d", "/etc/NetworkManager/dispatcher.d",
            "/etc/NetworkManager/dispatcher.d/pre-up.d", "/usr/lib/NetworkManager/dispatcher.d",
            "/usr/lib/NetworkManager/dispatcher.d/pre-up.d", "/etc/networkd-dispatcher/configured.d",
            "/etc/networkd-dispatcher/configuring.d", "/etc/networkd-dispatcher/carrier.d",
            "/etc/networkd-dispatcher/degraded.d", "/etc/networkd-dispatcher/routable.d",
        ]
        return ["/sbin/ifup-local", "/sbin/ifup-pre-local"] + folders.flatMap(all)
    }

    private var libvirtHooks: [String] {
        ["daemon", "network"].flatMap { ["/etc/libvirt/hooks/\($0)"] + all("/etc/libvirt/hooks/\($0).d") }
    }

    private var periodic: [String] { ["hourly", "daily", "weekly", "monthly"].flatMap { all("/etc/cron.\($0)") } }

    private func all(_ folder: String) -> [String] { files.names(in: folder).map { "\(folder)/\($0)" } }

    /// One file may have several names.
    private func once(_ paths: [String]) -> [String] {
        var known: Set<Name> = []
        return paths.filter { path in files.real(path).map { known.insert(Name($0)).inserted } ?? false }
    }
}
