import Glibc
package import Model
import Text

/// The lock that lets one vfpool change a host at a time; readers need none. Gone when the process is, however it ends.
///
/// Two files: one in the state folder, and for the machine's own libvirt one that all its users share.
package struct HostLock: ~Copyable {
    private let own: LockFile
    private let shared: LockFile?

    /// The folder of the file, `vfpool.lock`, that all users of this machine's libvirt share.
    package static let sharedFolder = "/run"
    private static let sharedName = "vfpool.lock"

    /// Takes the lock, waiting for another holder up to `patience` seconds.
    ///
    /// - Parameters:
    ///   - shared: the folder of the file for all users; nil for another machine's host.
    ///   - waiting: called once, with who holds it, when there is need to wait.
    /// - Throws: `lock-held`, with who holds it; `journal` where a file can't be locked, or is no lock.
    package init(
        _ folder: StateFolder, shared place: String? = nil, command: [String], patience: Double,
        waiting: (String) -> Void
    ) throws(Failure) {
        let own = try LockFile(in: try folder.create().own, StateFolder.lockName)
        let holder: Hint = "process \(Int(getpid())), `\(shell: ShellCommand(words: command))`"
        var waited = 0.0
        try own.take(&waited, patience: patience, waiting)
        try own.write(holder.text + "\n")
        let shared = try Self.shared(place, holder.text, &waited, patience, waiting)
        self.own = own
        self.shared = shared
    }

    private static func shared(
        _ place: String?, _ holder: String, _ waited: inout Double, _ patience: Double, _ waiting: (String) -> Void
    ) throws(Failure) -> LockFile? {
        guard let place, let file = try LockFile.shared(place, sharedName) else { return nil }
        try file.take(&waited, patience: patience, waiting)
        // Who waits can do without.
        try? file.write(holder + "\n")
        return file
    }
}
