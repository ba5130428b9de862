import SRIOV
import Text

/// Whether a process that the journal names is still there.
enum ProcessList {
    /// Process numbers are used again, so the name has to fit as well.
    ///
    /// - Parameter proc: where processes are told of.
    /// - Returns: nil where it can't be told.
    static func runsVFPool(_ process: Int32, proc: String = "/proc") -> Bool? {
        do throws(HostError) {
            return try SystemFile.bytes("\(proc)/\(process)/comm", limit: 64)?.elementsEqual("vfpool\n".utf8) ?? false
        } catch {
            return nil
        }
    }
}
