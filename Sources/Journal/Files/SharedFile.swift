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

    /// - Throws: `file`.
    package static func write(_ text: String, to path: String, mode: Mode = .readable) throws(Failure) {
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

    private static func failure(_ path: String, _ number: Int32) -> Failure {
        Failure(.file, "could not write \(path)", cause: String(cString: strerror(number)))
    }
}
