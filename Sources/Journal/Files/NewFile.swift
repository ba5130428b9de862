import Glibc
package import Model
import SRIOV

/// A file that was not there before, readable by its owner alone: nothing is overwritten, no link followed.
package enum NewFile {
    /// - Throws: `file` where something stands there, or it can't be written; then nothing is left of it.
    package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure(path, errno) }
        var number: Int32 = 0
        do throws(HostError) {
            try Descriptor.write(bytes, to: descriptor)
            if fsync(descriptor) != 0 { number = errno }
        } catch {
            number = error.number
        }
        if close(descriptor) != 0, errno != EINTR, number == 0 { number = errno }
        guard number == 0 else {
            unlink(path)
            throw failure(path, number)
        }
    }

    /// Whether something stands there, a dangling link included.
    ///
    /// - Throws: `file`.
    package static func checkIsNew(_ path: String) throws(Failure) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        throw failure(path, EEXIST)
    }

    private static func failure(_ path: String, _ number: Int32) -> Failure {
        Failure(
            .file, "could not write \(path)", cause: String(cString: strerror(number)),
            hints: number == EEXIST ? ["nothing is overwritten: name another file with `--output FILE`"] : [])
    }
}
