import Model
import SRIOV
import Text

/// Finds everything on the host that sets VF counts at boot, by its files.
///
/// The programs that these files are for are not asked. `udevadm test-builtin net_setup_link` applies the `.link` file
/// it finds (before systemd 257): it would set the count. `nmcli` and `systemctl` ask daemons for what they read some
/// time ago, not for what the next boot will find; and none of them knows of another root.
struct BootSetupReader {
    let files: SystemFiles
    let pfs: [PhysicalFunction]

    func setup() -> BootSetup {
        let files = BootFiles(files)
        let pfs = PFTraitsReader(files: files).traits(of: pfs)
        let (rules, wanted) = UdevRules(files: files).setters(pfs)
        var setters = SystemdUnits(files: files).setters(pfs, wanted: wanted)
        setters += rules + LinkFiles(files: files).setters(pfs)
        setters += NetworkManagerFiles(files: files).setters(pfs) + Netplan(files: files).setters(pfs)
        setters += ListedCounts(files: files).setters(pfs)
        setters += Ifupdown(files: files).setters(pfs) + Wicked(files: files).setters(pfs)
        setters += SysfsLines(files: files).setters(pfs) + ModuleOptions(files: files).setters(pfs)
        setters += BootScripts(files: files).setters(pfs)
        return BootSetup(setters: Self.once(setters), unreadable: files.unreadable, failure: files.failure)
    }

    /// A script that several others run is one setter: the surest, and the earliest.
    private static func once(_ setters: [CountSetter]) -> [CountSetter] {
        func rank(_ setter: CountSetter) -> Int {
            (setter.doubt == nil ? 2 : 0) + (setter.isBeforeLibvirt ? 1 : 0)
        }
        var kept: [CountSetter] = []
        for setter in setters {
            let same = kept.firstIndex {
                $0.pf == setter.pf && $0.path.isSame(as: setter.path) && $0.line == setter.line
            }
            if let same {
                if rank(setter) > rank(kept[same]) { kept[same] = setter }
            } else {
                kept.append(setter)
            }
        }
        return kept
    }
}
