import Glibc
package import Model
import SRIOV

/// A file for others to read, replaced as a whole: who reads it finds the old one or the new one.
package enum SharedFile {
    package enum Mode: Sendable {
        /// 0644, whatever the umask.
        case readable
        /// As files are that a shell makes.
        case ofNewFiles
    }

    /// - Throws: `file`; also where something stands there that is no plain file: to replace a device, a FIFO or a link by one is never
    ///   what is meant.
    package static func write(_ text: String, to path: String, mode: Mode = .readable) throws(Failure) {
        var found = stat()
        if lstat(path, &found) == 0, found.st_mode & S_IFMT != S_IFREG {
            throw failure(path, because: "it is \(kind(found.st_mode)), which is not replaced by a file")
        }
        let (temporary, descriptor) = try made(beside: path, mode)
        var number: Int32 = 0
        do throws(HostError) {
            try Descriptor.write(text.utf8, to: descriptor)
            if mode == .readable, fchmod(descriptor, 0o644) != 0 { number = errno }
            if number == 0, fsync(descriptor) != 0 { number = errno }
        } catch {
            number = error.number
        }
        close(descriptor)
        if number == 0, rename(temporary, path) != 0 { number = errno }
        guard number == 0 else {
            unlink(temporary)
            throw failure(path, number)
        }
    }

    /// A new file of a name that no collector reads: nobody else's file or link stands there.
    ///
    /// What the umask, or the folder's default ACL, takes from a new file's mode only the kernel can say without changing it: so it is
    /// made with the mode that a shell asks for.
    private static func made(beside path: String, _ mode: Mode) throws(Failure) -> (path: String, descriptor: Int32) {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let name = "\(path).\(String(UInt32.random(in: .min ... .max, using: &random), radix: 16))"
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let descriptor = open(name, flags, mode == .readable ? 0o600 : 0o666)
            if descriptor >= 0 { return (name, descriptor) }
            guard errno == EEXIST else { throw failure(path, errno) }
        }
        throw failure(path, EEXIST)
    }

    private static func kind(_ mode: mode_t) -> String {
        switch mode & S_IFMT {
        case S_IFDIR: "a folder"
        case S_IFLNK: "a symbolic link"
        case S_IFIFO: "a FIFO"
        case S_IFSOCK: "a socket"
        default: "a device"
        }
    }

    private static func failure(_ path: String, _ number: Int32) -> Failure {
        failure(path, because: String(cString: strerror(number)))
    }

    private static func failure(_ path: String, because cause: String) -> Failure {
        Failure(.file, "could not write \(path)", cause: cause)
    }
}
