import SRIOV
import TestSupport
import Text

/// Files of /sys as a driver may write them: every PF is there, or what can't be read is said.
struct SysfsTarget: FuzzTarget {
    private let mutation = PathLinesMutation(seeds: FuzzInputs.seeds("sysfs"))
    private let host = SysfsTree()

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        mutation.mutated(input, &generator)
    }

    func run(_ input: [UInt8]) throws -> Bool {
        var former: [(path: String, text: [UInt8])] = []
        for (path, text) in PathLines(input).files {
            // Only what is there: a path that is made here would have to be unmade.
            guard let before = host.read(path), !former.contains(where: { $0.path.isSame(as: path) }) else { continue }
            former.append((path, before))
            host.write(text, path)
        }
        defer { for (path, text) in former { host.write(text, path) } }
        do throws(HostError) {
            let pfs = try host.sysfs.physicalFunctions(includingPrograms: true)
            try look(pfs)
            return true
        } catch {
            return false
        }
    }

    private func look(_ pfs: [PhysicalFunction]) throws(HostError) {
        for pf in pfs {
            for function in pf.functions { _ = try host.sysfs.place(of: function.address) }
        }
    }
}
