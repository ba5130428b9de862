import CLinux
import Glibc

/// Whole small files, written so that a crash leaves the old or the new one, readable by their owner alone.
enum Files {
    static func read(_ path: String) throws(Failure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw unreadable(path)
            }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes beside the file and renames over it.
    ///
    /// - Parameter sync: whether it must outlast a power cut by itself; else `syncAll` makes sure of it later.
    static func write(_ text: String, to path: String, sync: Bool = true) throws(Failure) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable(path) }
        defer { close(descriptor) }
        try append(text, to: descriptor, path)
        guard !sync || fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            let failure = unwritable(path)
            unlink(temporary)
            throw failure
        }
    }

    static func append(_ text: String, to descriptor: Int32, _ path: String) throws(Failure) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw unwritable(path)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// What stands in a folder; nothing where there is no folder.
    static func names(in folder: String) throws(Failure) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw unreadable(folder)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Removes a folder and the files in it, as far as that goes.
    static func removeFolder(_ path: String) {
        for name in (try? names(in: path)) ?? [] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// Writes a new file of a folder that nobody looks into yet.
    ///
    /// - Parameter sync: as for `write`.
    static func writeNew(_ text: String, to path: String, sync: Bool) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable(path) }
        defer { close(descriptor) }
        try append(text, to: descriptor, path)
        guard !sync || fsync(descriptor) == 0 else { throw unwritable(path) }
    }

    /// Makes sure of everything written so far on the disk that a folder is on: one call for a thousand files.
    static func syncAll(_ path: String) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unwritable(path) }
        defer { close(descriptor) }
        guard syncfs(descriptor) == 0 else { throw unwritable(path) }
    }

    static func syncFolder(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func unreadable(_ path: String) -> Failure {
        Failure(.journal, "could not read \(path)", cause: String(cString: strerror(errno)))
    }

    static func unwritable(_ path: String) -> Failure {
        Failure(
            .journal, "could not write \(path)", cause: String(cString: strerror(errno)),
            hints: ["without a journal nothing is changed: it is what undo and recovery need"])
    }
}
