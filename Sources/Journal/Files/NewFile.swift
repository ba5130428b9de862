import Glibc
package import Model

/// A file that was not there before, readable by its owner alone: nothing is overwritten, no link followed.
package enum NewFile {
    /// - Throws: `file` where something stands there, or it can't be written; then nothing is left of it.
    package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                break
            }
            rest = rest.dropFirst(count)
        }
        let isWritten = rest.isEmpty && fsync(descriptor) == 0
        let number = errno
        guard close(descriptor) == 0 || errno == EINTR, isWritten else {
            errno = isWritten ? errno : number
            let failure = failure(path)
            unlink(path)
            throw failure
        }
    }

    /// Whether something stands there, a dangling link included.
    ///
    /// - Throws: `file`.
    package static func checkIsNew(_ path: String) throws(Failure) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        errno = EEXIST
        throw failure(path)
    }

    private static func failure(_ path: String) -> Failure {
        let number = errno
        return Failure(
            .file, "could not write \(path)", cause: String(cString: strerror(number)),
            hints: number == EEXIST ? ["nothing is overwritten: name another file with `--output FILE`"] : [])
    }
}
