import Glibc
import Model
import SRIOV
import Text

/// A folder of vfpool's own in the folder of a file that is to be written: the new file is made ready there, and takes its
/// place in one step.
///
/// Some folders are run, or read, file by file, whatever the files are called: libvirt's `hooks/qemu.d` is one. A file that
/// a kill leaves there is run from then on. No such reader looks into a folder, and nobody but root into this one; it is
/// on the same file system always. Everything goes by descriptors, so that nothing can be put in the place of either.
package struct Staging: ~Copyable {
    static let name = ".vfpool-new"
    /// What earlier versions wrote beside the file.
    package static let formerSuffix = ".vfpool-new"

    private let parent: Int32
    private let own: Int32

    /// Opens it, empty, whatever a vfpool that was killed left there of this file or in it.
    ///
    /// - Throws: `HostError` with the path that it is about; EEXIST where something else than such a folder stands there.
    init(in folder: String, for name: String) throws(HostError) {
        let parent = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw HostError(folder, errno) }
        do throws(HostError) {
            unlinkat(parent, name + Self.formerSuffix, 0)
            guard mkdirat(parent, Self.name, 0o700) == 0 || errno == EEXIST else { throw HostError(folder, errno) }
            let own = try Self.openOwn(parent, folder)
            Self.clear(own, folder)
            self.parent = parent
            self.own = own
        } catch {
            close(parent)
            throw error
        }
    }

    deinit {
        unlinkat(parent, Self.name, AT_REMOVEDIR)
        close(own)
        close(parent)
    }

    /// A descriptor of a new file of that name, which its owner alone can read; the caller closes it.
    func create(_ name: String) throws(HostError) -> Int32 {
        let file = openat(own, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw HostError(name, errno) }
        return file
    }

    func link(_ name: String, to target: String) throws(HostError) {
        guard symlinkat(target, own, name) == 0 else { throw HostError(name, errno) }
    }

    /// Puts what was made here in its place, and makes sure of it.
    func publish(_ name: String) throws(HostError) {
        guard renameat(own, name, parent, name) == 0 else { throw HostError(name, errno) }
        fsync(parent)
    }

    /// Takes away what was not published.
    func discard(_ name: String) { unlinkat(own, name, 0) }

    // MARK: What a kill left

    /// Removes what a vfpool that was killed left in a folder while it wrote a file; nothing of anybody else's.
    static func clean(_ folder: String, of name: String) {
        let parent = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        defer { close(parent) }
        unlinkat(parent, name + formerSuffix, 0)
        guard let own = try? openOwn(parent, folder) else { return }
        clear(own, folder)
        close(own)
        unlinkat(parent, Self.name, AT_REMOVEDIR)
    }

    private static func openOwn(_ parent: Int32, _ folder: String) throws(HostError) -> Int32 {
        let path = "\(folder)/\(name)"
        let own = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard own >= 0 else { throw HostError(path, errno == ELOOP || errno == ENOTDIR ? EEXIST : errno) }
        var status = stat()
        guard fstat(own, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            close(own)
            throw HostError(path, EEXIST)
        }
        return own
    }

    private static func clear(_ own: Int32, _ folder: String) {
        let copy = fcntl(own, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, let names = try? SystemFile.names(copy, folder, withHidden: true) else { return }
        for name in names { unlinkat(own, name, 0) }
    }
}
