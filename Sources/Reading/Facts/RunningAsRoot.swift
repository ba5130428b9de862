import Model
import Text

/// What is run as root on a host because of vfpool or in libvirt's hooks, by paths: the files, and the programs that vfpool's
/// own name.
struct RunningAsRoot {
    let files: SystemFiles

    var paths: [String] { hooks + units }

    private var hooks: [String] {
        var paths: [String] = []
        for driver in HookFile.drivers {
            let path = "\(HookFile.folder)/\(driver)"
            let names = files.names(in: path + ".d", withHidden: true).value ?? []
            paths += [path, path + ".d"] + names.map { "\(path).d/\($0)" }
        }
        return paths + HookFile.allCases.compactMap { files.text($0.path).value.flatMap(HookFile.program) }
    }

    private var units: [String] {
        let names = files.names(in: BootUnit.settingsFolder).value ?? []
        let settings = names.map { "\(BootUnit.settingsFolder)/\($0)" }
        let packaged = BootUnit.allCases.flatMap(\.packagedFiles).filter { files.kind($0) != .absent }
        let units = BootUnit.allCases.map(\.file) + packaged
        let programs = units.compactMap { files.text($0).value.flatMap(BootUnit.program) }
        return BootUnit.folders + units + settings + programs
    }
}
