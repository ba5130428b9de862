import Glibc
import Synchronization

/// A file without a name.
final class Scratch: Sendable {
    private static let count = Atomic<Int>(0)
    let file: Int32

    init(holding text: String = "") throws(RigError) {
        let name = "/tmp/rig-scratch.\(getpid()).\(Self.count.add(1, ordering: .relaxed).newValue)"
        file = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw RigError("no temporary file: \(String(cString: strerror(errno)))") }
        unlink(name)
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                pwrite(file, $0.baseAddress, $0.count, off_t(text.utf8.count - bytes.count))
            }
            guard count > 0 else { throw RigError("no room: \(String(cString: strerror(errno)))") }
            bytes = bytes.dropFirst(count)
        }
    }

    deinit { close(file) }

    /// All of it, whatever the position of those who share the file.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(file, &buffer, buffer.count, off_t(bytes.count))
            if count <= 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
