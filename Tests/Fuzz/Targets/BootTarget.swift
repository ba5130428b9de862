import Model
import SRIOV
import TestSupport
import Text

@testable import Reading

/// Files of /etc that may set VF counts at boot: units, udev's rules, scripts, tables of cron, configuration of networks.
struct BootTarget: FuzzTarget {
    private let mutation = PathLinesMutation(seeds: FuzzInputs.seeds("etc"))
    private let host = SysfsTree()

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        mutation.mutated(input, &generator)
    }

    func run(_ input: [UInt8]) throws -> Bool {
        let files = PathLines(input).files.filter { file in
            ["/etc/", "/usr/", "/lib/", "/run/", "/var/"].contains { file.path.hasPrefix(bytes: $0) }
        }
        for folder in ["etc", "usr", "lib", "run", "var"] { host.remove(folder) }
        for (path, text) in files { host.write(text, path) }
        let setup = BootSetupReader(files: SystemFiles(root: host.folder), pfs: host.pfs).setup()
        for setter in setup.setters {
            try require(host.pfs.contains { $0.address == setter.pf }, "a setter of no PF: \(setter)")
            guard let line = setter.line else { continue }
            let text = files.last { $0.path.isSame(as: setter.path) }?.text ?? []
            let count = text.count { $0 == UInt8(ascii: "\n") } + 1
            try require((1...max(1, count)).contains(line), "line \(line) of \(setter.path), which has \(count)")
        }
        return !setup.setters.isEmpty
    }
}
