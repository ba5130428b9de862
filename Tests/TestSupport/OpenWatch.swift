import Glibc

/// Which files in some folders are opened, by whomever, told by the kernel.
package final class OpenWatch {
    private let file: Int32
    private var folders: [Int32: String] = [:]

    package init(_ folders: [String]) throws(RigError) {
        file = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard file >= 0 else { throw RigError("inotify: \(String(cString: strerror(errno)))") }
        for folder in folders {
            let watch = inotify_add_watch(file, folder, UInt32(IN_OPEN))
            guard watch >= 0 else { throw RigError("inotify, \(folder): \(String(cString: strerror(errno)))") }
            self.folders[watch] = folder
        }
    }

    deinit { close(file) }

    /// The folders in which something was opened since the last time, once for each time.
    package func opened() -> [String] {
        var found: [String] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count > 0 else { return found }
            buffer.withUnsafeBytes { bytes in
                var at = 0
                while at < count {
                    let event = bytes.loadUnaligned(fromByteOffset: at, as: inotify_event.self)
                    // Without a name it is the folder itself.
                    if event.len > 0, let folder = folders[event.wd] { found.append(folder) }
                    at += MemoryLayout<inotify_event>.size + Int(event.len)
                }
            }
        }
    }
}
