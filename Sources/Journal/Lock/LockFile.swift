import Glibc
import Model
import Text

/// A file that a process locks, and that names who did.
struct LockFile: ~Copyable {
    private let descriptor: Int32
    private let path: String
    private let isWritable: Bool

    /// Of the state folder.
    ///
    /// - Throws: `journal` for what is no lock of vfpool's, or not this user's alone.
    init(in folder: OwnFolder, _ name: String) throws(Failure) {
        let file = try folder.openFile(name, flags: O_RDWR)
        do throws(Failure) {
            try Self.checkContent(file, folder.path(name))
        } catch {
            close(file)
            throw error
        }
        (descriptor, path, isWritable) = (file, folder.path(name), true)
    }

    private init(readOnly descriptor: Int32, _ path: String) {
        (self.descriptor, self.path, isWritable) = (descriptor, path, false)
    }

    deinit { close(descriptor) }

    /// A file for all who may use libvirt's socket; root makes it, and a lock needs no more than reading.
    ///
    /// - Returns: nil where there is none that this user can have.
    static func shared(_ folder: String, _ name: String) throws(Failure) -> LockFile? {
        let path = folder + "/" + name
        guard geteuid() == 0 else {
            let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
            guard file >= 0 else { return nil }
            var status = stat()
            guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == 0 else {
                close(file)
                return nil
            }
            return LockFile(readOnly: file, path)
        }
        guard let place = try OwnFolder.open(folder, isShared: true) else { return nil }
        let file = try LockFile(in: place, name)
        file.share()
        return file
    }

    /// Sockets at which users reach libvirt: that of the one daemon or of virtproxyd, else, where each driver has a daemon of its
    /// own, those that a client goes to by itself.
    private static let sockets = ["libvirt-sock", "virtqemud-sock", "virtnetworkd-sock"]

    /// For the group that may use libvirt; where no group may, for root.
    private borrowing func share() {
        for name in Self.sockets {
            var socket = stat()
            guard stat("/run/libvirt/" + name, &socket) == 0, socket.st_gid != 0 else { continue }
            guard fchown(descriptor, 0, socket.st_gid) == 0 else { return }
            fchmod(descriptor, 0o640)
            return
        }
    }

    /// What somebody else keeps under this name is not written over.
    private static func checkContent(_ file: Int32, _ path: String) throws(Failure) {
        let start = Array("process ".utf8)
        var buffer = [UInt8](repeating: 0, count: start.count)
        let count = pread(file, &buffer, buffer.count, 0)
        guard count == 0 || (count > 0 && buffer.prefix(count) == start.prefix(count)) else {
            throw Failure(
                .journal, "\(path) is no lock of vfpool's", cause: "there is something else in it",
                hints: ["look what it is, and move it away: nothing was changed"])
        }
    }

    // MARK: Locking

    /// Takes the lock, waiting for another holder.
    ///
    /// - Parameters:
    ///   - waited: how long was waited before, in seconds.
    ///   - waiting: called with who holds it, when there is need to wait and there was none before.
    /// - Throws: `lock-held` when `patience` is over, with who holds it.
    borrowing func take(_ waited: inout Double, patience: Double, _ waiting: (String) -> Void) throws(Failure) {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EAGAIN else { throw Files.unwritable(path) }
            let holder = LockHolder(of: descriptor)
            if waited == 0 { waiting(holder.words) }
            guard waited < patience else { throw holder.failure(path) }
            usleep(50_000)
            waited += 0.05
        }
    }

    /// Leaves word of who has it.
    borrowing func write(_ text: String) throws(Failure) {
        guard isWritable else { return }
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw Files.unwritable(path) }
        try Files.append(text, to: descriptor, path)
    }
}
