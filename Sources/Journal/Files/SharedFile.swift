import Glibc
package import Model

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
        guard descriptor >= 0 else { throw failure(path) }
        let temporary = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                break
            }
            rest = rest.dropFirst(count)
        }
        let isWritten = rest.isEmpty && fchmod(descriptor, mode.bits) == 0 && fsync(descriptor) == 0
        let number = errno
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            if !isWritten { errno = number }
            let failure = failure(path)
            unlink(temporary)
            throw failure
        }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(.file, "could not write \(path)", cause: String(cString: strerror(errno)))
    }
}
