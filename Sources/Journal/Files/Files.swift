import Glibc
package import Model
import SRIOV
import Text

/// Whole small files, written so that a crash leaves the old or the new one, readable by their owner alone.
package enum Files {
    /// What a document may have at most, and any other file that is read whole.
    package static let documentLimit = 64 << 20

    /// A plain file's text. Bytes that are no UTF-8 are replaced.
    ///
    /// - Throws: where it is a FIFO, a device or a folder, or has more than `limit` bytes; nothing is waited for.
    package static func read(_ path: String, limit: Int = documentLimit) throws(Failure) -> String {
        String(decoding: try bytes(path, limit: limit), as: UTF8.self)
    }

    /// As `read`, byte by byte.
    package static func bytes(_ path: String, limit: Int = documentLimit) throws(Failure) -> [UInt8] {
        // Opening alone is an act on some devices, and what stands here may be another thing a moment later.
        var status = stat()
        guard stat(path, &status) == 0 else { throw unreadable(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw unreadable(path, "it is no plain file") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        return try bytes(of: descriptor, path, limit: limit)
    }

    /// What an open file has.
    ///
    /// - Parameter isPlain: whether it has to be a plain file.
    /// - Throws: as `read`.
    package static func bytes(
        of descriptor: Int32, _ path: String, limit: Int, isPlain: Bool = true
    ) throws(Failure) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
        let hasSize = status.st_mode & S_IFMT == S_IFREG
        guard hasSize || !isPlain else { throw unreadable(path, "it is no plain file") }
        guard !hasSize || status.st_size <= limit else { throw tooLarge(path, limit) }
        let bytes: [UInt8]
        do throws(HostError) {
            bytes = try Descriptor.read(descriptor, limit: limit + 1)
        } catch {
            throw unreadable(path, String(cString: strerror(error.number)))
        }
        guard bytes.count <= limit else { throw tooLarge(path, limit) }
        return bytes
    }

    /// Writes beside the file and renames over it.
    package static func write(_ text: String, to path: String) throws(Failure) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw unwritable(path) }
        defer { close(descriptor) }
        try append(text, to: descriptor, path)
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            let failure = unwritable(path)
            unlink(temporary)
            throw failure
        }
    }

    static func append(_ text: String, to descriptor: Int32, _ path: String) throws(Failure) {
        do throws(HostError) {
            try Descriptor.write(text.utf8, to: descriptor)
        } catch {
            throw unwritable(path, error.number)
        }
    }

    static func syncFolder(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    static func unreadable(_ path: String, _ cause: String? = nil) -> Failure {
        Failure(.journal, "could not read \(path)", cause: cause ?? String(cString: strerror(errno)))
    }

    private static func tooLarge(_ path: String, _ limit: Int) -> Failure {
        unreadable(path, "it has more than \(limit >> 20 > 0 ? "\(limit >> 20) MiB" : "\(limit) bytes")")
    }

    static func unwritable(_ path: String, _ number: Int32 = errno) -> Failure {
        Failure(
            .journal, "could not write \(path)", cause: String(cString: strerror(number)),
            hints: ["without a journal nothing is changed: it is what undo and recovery need"])
    }
}
