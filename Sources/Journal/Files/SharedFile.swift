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

        fileprivate var bits: mode_t {
            switch self {
            case .readable: return 0o644
            case .ofNewFiles:
                // There is no way to ask for it alone.
                let mask = umask(0o077)
                umask(mask)
                return 0o666 & ~mask
            }
        }
    }

    /// - Throws: `file`.
    package static func write(_ text: String, to path: String, mode: Mode = .readable) throws(Failure) {
        // Of a name that no collector reads. Nobody else's file or link stands there.
        var name = Array((path + ".XXXXXX").utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw failure(path, errno) }
        let temporary = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var number: Int32 = 0
        do throws(HostError) {
            try Descriptor.write(text.utf8, to: descriptor)
            if fchmod(descriptor, mode.bits) != 0 || fsync(descriptor) != 0 { number = errno }
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

    private static func failure(_ path: String, _ number: Int32) -> Failure {
        Failure(.file, "could not write \(path)", cause: String(cString: strerror(number)))
    }
}
