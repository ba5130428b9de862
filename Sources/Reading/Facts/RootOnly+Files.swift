package import Model
import Text

extension RootOnly {
    /// What others can change of what libvirt's daemon runs once the hook is there.
    package func weaknesses(ofHookRunning program: String) throws(Failure) -> [Weakness] {
        try weaknesses(of: [program] + HookFile.allCases.map(\.path))
    }

    /// What others can change of what systemd runs once the units are there.
    package func weaknesses(ofUnitsRunning program: String) throws(Failure) -> [Weakness] {
        let packaged = try existing(BootUnit.allCases.flatMap(\.packagedFiles))
        return try weaknesses(of: [program] + BootUnit.folders + BootUnit.allCases.map(\.file) + packaged)
    }
}
