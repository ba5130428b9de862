import Glibc
import Text

/// The lock that lets one vfpool change a host at a time; readers need none. Gone when the process is, however it ends.
///
/// Two files: one in the state folder, and for the machine's own libvirt one that all its users share.
package struct HostLock: ~Copyable {
    private let own: Int32
    private let shared: Int32?

    /// The file that all users of this machine's libvirt share.
    package static func sharedFile(_ environment: [String: String]) -> String {
        environment["VFPOOL_HOST_LOCK"] ?? "/run/vfpool.lock"
    }

    /// Takes the lock, waiting for another holder up to `patience` seconds.
    ///
    /// - Parameters:
    ///   - shared: the file for all users; nil for another machine's host. Where it can't be opened, there is none.
    ///   - waiting: called once, with who holds it, when there is need to wait.
    /// - Throws: `lock-held`, with who holds it.
    package init(
        _ folder: StateFolder, shared path: String? = nil, command: [String], patience: Double,
        waiting: (String) -> Void
    ) throws(Failure) {
        try folder.create()
        let own = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard own >= 0 else { throw Files.unwritable(folder.lock) }
        let shared = path.flatMap(Self.openShared)
        let holder: Hint = "process \(Int(getpid())), `\(shell: ShellCommand(words: command))`"
        var waited = 0.0
        do throws(Failure) {
            try Self.take(own, folder.lock, &waited, patience, waiting)
            ftruncate(own, 0)
            let text = holder.text + "\n"
            try Files.append(text, to: own, folder.lock)
            if let shared, let path {
                try Self.take(shared, path, &waited, patience, waiting)
                // Only root can write there, and who waits can do without.
                if ftruncate(shared, 0) == 0 { try? Files.append(text, to: shared, path) }
            }
        } catch {
            close(own)
            if let shared { close(shared) }
            throw error
        }
        self.own = own
        self.shared = shared
    }

    deinit {
        if let shared { close(shared) }
        close(own)
    }

    /// Root makes the file, for itself and those who may use libvirt's socket; a lock needs no more than reading.
    private static func openShared(_ path: String) -> Int32? {
        guard geteuid() == 0 else {
            let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            return file >= 0 ? file : nil
        }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard file >= 0 else { return nil }
        var socket = stat()
        if stat("/run/libvirt/libvirt-sock", &socket) == 0, fchown(file, 0, socket.st_gid) == 0 { fchmod(file, 0o640) }
        return file
    }

    private static func take(
        _ file: Int32, _ path: String, _ waited: inout Double, _ patience: Double, _ waiting: (String) -> Void
    ) throws(Failure) {
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            let holder = holder(path)
            if waited == 0 { waiting(holder) }
            guard waited < patience else {
                throw Failure(
                    .lockHeld, "another vfpool is changing this host: \(holder)",
                    hints: ["run it again when that one has ended; nothing was changed"])
            }
            usleep(50_000)
            waited += 0.05
        }
    }

    /// Who wrote its name there last, if that process still lives: not everybody who can take the lock can write.
    private static func holder(_ path: String) -> String {
        guard let line = (try? Files.read(path))?.lines.first,
            let process = line.without(prefix: "process ")?.split(byte: ",").first.flatMap({ pid_t(digits: $0) }),
            kill(process, 0) == 0 || errno == EPERM
        else { return "another vfpool" }
        return String(line)
    }
}
