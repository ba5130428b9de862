import Glibc
import Model

/// A file of an entry that is only added to: what is not written whole is not there.
final class AppendedFile {
    private let descriptor: Int32
    private let path: String

    init(_ name: String, in folder: OwnFolder) throws(Failure) {
        descriptor = try folder.openFile(name, flags: O_WRONLY | O_APPEND)
        path = folder.path(name)
    }

    deinit { close(descriptor) }

    func add(_ text: String) throws(Failure) {
        var status = stat()
        let hasSize = fstat(descriptor, &status) == 0
        do throws(Failure) {
            try Files.append(text, to: descriptor, path)
        } catch {
            // Half a line on a full disk would spoil the one that comes next.
            if hasSize { ftruncate(descriptor, status.st_size) }
            throw error
        }
    }

    /// Makes sure that a power cut leaves what was added.
    func sync() throws(Failure) {
        guard fdatasync(descriptor) == 0 else { throw Files.unwritable(path) }
    }
}
