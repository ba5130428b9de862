import Glibc
package import Journal
package import Model
import SRIOV

extension HookReport {
    /// The same of this host, with other hooks, and when libvirt last ran vfpool's.
    package static func ofThisHost(
        _ files: any FileReading, program: String, records: FunctionRecords = FunctionRecords()
    ) -> HookReport {
        HookReport(files, program: program, others: others(), lastRun: records.lastRun().map(Timestamp.text))
    }

    /// Other hooks that libvirt runs for networks and guests.
    package static func others() -> [String] {
        HookFile.allCases.flatMap { file in
            let folder = "\(HookFile.folder)/\(file.rawValue)"
            let names = (try? SystemFile.names(in: folder + ".d", withHidden: true))?.sorted() ?? []
            let inFolder = names.map { "\(folder).d/\($0)" }
            return ([folder] + inFolder).filter { $0 != file.path && isRun($0) }
        }
    }

    /// libvirt's own question: a plain file that somebody may execute.
    private static func isRun(_ path: String) -> Bool {
        guard let status = try? SystemFile.status(path) else { return false }
        return status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o111 != 0
    }
}
