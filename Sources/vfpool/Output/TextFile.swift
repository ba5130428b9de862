import Glibc
import Journal
import Model
import Text

/// A file that the user names.
enum TextFile {
    private static let limit = 1 << 20

    /// - Throws: `invalid-template` when it can't be read, is larger than 1 MiB, or would have to be waited for.
    static func read(_ path: String?) throws(Failure) -> String? {
        guard let path else { return nil }
        do throws(Failure) {
            guard isOpen(path) else { return try Files.read(path, limit: limit) }
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { throw Failure(.file, "", cause: String(cString: strerror(errno))) }
            defer { close(file) }
            return String(decoding: try Files.bytes(of: file, path, limit: limit, isPlain: false), as: UTF8.self)
        } catch {
            throw Failure(.invalidTemplate, "the template \(path) can't be used", cause: error.cause)
        }
    }

    /// What the shell has opened for us: a pipe is waited for there.
    private static func isOpen(_ path: String) -> Bool {
        path == "/dev/stdin" || path.hasPrefix(bytes: "/dev/fd/") || path.hasPrefix(bytes: "/proc/self/fd/")
    }
}
