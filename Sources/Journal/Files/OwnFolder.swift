import CLinux
import Glibc
package import Model
import SRIOV
import Text

/// A folder of vfpool's state, held by its descriptor: what is read and written is in this very folder, whatever its path
/// leads to by now.
///
/// What stands here is run on hosts by `undo`, so nobody but its owner may be able to write it: the folder, each folder
/// above it, and each file in it are this user's or root's, and others can't write them.
package final class OwnFolder: Sendable {
    private let descriptor: Int32
    /// For people; nothing is opened by it.
    package let path: String

    /// Takes over the descriptor.
    private init(_ descriptor: Int32, path: String, isShared: Bool = false) throws(Failure) {
        self.descriptor = descriptor
        self.path = path
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Files.unreadable(path) }
        if isShared { try Trust.checkParent(status, path) } else { try Trust.checkOwn(status, path) }
    }

    deinit { close(descriptor) }

    /// - Parameters:
    ///   - makes: whether it and its parents are made where they are missing, readable by their owner alone.
    ///   - isShared: whether others have files in it, too, each its own, as in /run.
    /// - Returns: nil where there is no such folder.
    package static func open(
        _ path: String, makes: Bool = false, isShared: Bool = false
    ) throws(Failure) -> OwnFolder? {
        guard let walk = try FolderWalk.open(path, makes: makes) else { return nil }
        defer { close(walk) }
        let file = openat(walk, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw Files.unreadable(path) }
        return try OwnFolder(file, path: path, isShared: isShared)
    }

    /// What changes with whatever is made, removed or renamed in it; nil where it can't be told.
    var stamp: String? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return "\(status.st_ino).\(status.st_nlink).\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }

    // MARK: Folders in it

    /// - Returns: nil where there is none.
    func folder(_ name: String) throws(Failure) -> OwnFolder? {
        let file = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            let failure = Files.unreadable(path(name))
            var status = stat()
            guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw failure }
            if status.st_mode & S_IFMT == S_IFLNK { throw Files.unreadable(path(name), "it is a symbolic link") }
            // A file is no folder of this name.
            if status.st_mode & S_IFMT != S_IFDIR { return nil }
            throw failure
        }
        return try OwnFolder(file, path: path(name))
    }

    /// - Returns: nil where something stands there.
    func makeFolder(_ name: String) throws(Failure) -> OwnFolder? {
        guard mkdirat(descriptor, name, 0o700) == 0 else {
            if errno == EEXIST { return nil }
            throw Files.unwritable(path(name))
        }
        return try folder(name)
    }

    /// Removes a folder and the files in it, as far as that goes.
    func removeFolder(_ name: String) {
        // Without its first page a change never began; and this takes no descriptor, if there are no more.
        unlinkat(descriptor, name + "/" + EntryReader.page, 0)
        if let folder = try? folder(name) {
            for file in (try? folder.names()) ?? [] { unlinkat(folder.descriptor, file, 0) }
        }
        unlinkat(descriptor, name, AT_REMOVEDIR)
    }

    func rename(_ name: String, to new: String) -> Bool { renameat(descriptor, name, descriptor, new) == 0 }

    // MARK: Names

    func exists(_ name: String) -> Bool {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    }

    func names() throws(Failure) -> [String] {
        var names: [String] = []
        try eachName { names.append(String(decoding: $0, as: UTF8.self)) }
        return names.sorted()
    }

    /// Names as bytes, in no order, without those that start with a dot.
    func eachName(_ body: (UnsafeBufferPointer<UInt8>) -> Void) throws(Failure) {
        // A descriptor of its own, for a stream has its place in it.
        let file = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw Files.unreadable(path) }
        guard let stream = fdopendir(file) else {
            let failure = Files.unreadable(path)
            close(file)
            throw failure
        }
        defer { closedir(stream) }
        while true {
            // The end of the folder and a failure look alike otherwise.
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = FolderEntry.name(entry)
            if name.first != UInt8(ascii: ".") { body(name) }
        }
        guard errno == 0 else { throw Files.unreadable(path) }
    }

    // MARK: Files

    func path(_ name: String) -> String { path + "/" + name }

    func read(_ name: String, limit: Int = Files.documentLimit) throws(Failure) -> String {
        String(decoding: try bytes(name, limit: limit), as: UTF8.self)
    }

    /// - Throws: where it is no plain file, is too large, or others can write it; nothing is waited for.
    func bytes(_ name: String, limit: Int) throws(Failure) -> [UInt8] {
        let file = try openPlain(name)
        defer { close(file) }
        return try Files.bytes(of: file, path(name), limit: limit)
    }

    /// Opens a plain file for reading.
    ///
    /// - Throws: as `bytes`.
    func openPlain(_ name: String) throws(Failure) -> Int32 {
        // Opening alone is an act on some devices.
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw Files.unreadable(path(name)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Files.unreadable(path(name), "it is no plain file") }
        let file = openat(descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw Files.unreadable(path(name)) }
        do throws(Failure) {
            guard fstat(file, &status) == 0 else { throw Files.unreadable(path(name)) }
            guard status.st_mode & S_IFMT == S_IFREG else { throw Files.unreadable(path(name), "it is no plain file") }
            try Trust.checkOwn(status, path(name))
        } catch {
            close(file)
            throw error
        }
        return file
    }

    /// Opens a plain file for writing, made where it is missing.
    ///
    /// - Parameter flags: as of `open`, besides.
    func openFile(_ name: String, flags: Int32) throws(Failure) -> Int32 {
        let file = openat(
            descriptor, name, flags | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0o600)
        guard file >= 0 else { throw Files.unwritable(path(name)) }
        do throws(Failure) {
            var status = stat()
            guard fstat(file, &status) == 0 else { throw Files.unwritable(path(name)) }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw Failure(
                    .journal, "could not write \(path(name))", cause: "it is no plain file",
                    hints: ["look what it is, and move it away: nothing was changed"])
            }
            try Trust.checkOwn(status, path(name))
        } catch {
            close(file)
            throw error
        }
        return file
    }

    /// Writes beside the file and renames over it.
    ///
    /// - Parameter sync: whether it must outlast a power cut.
    func write(_ text: String, to name: String, sync: Bool = true) throws(Failure) {
        let temporary = name + ".new"
        unlinkat(descriptor, temporary, 0)
        do throws(Failure) {
            try writeNew(text, to: temporary, sync: sync)
            guard rename(temporary, to: name) else { throw Files.unwritable(path(name)) }
        } catch {
            unlinkat(descriptor, temporary, 0)
            throw error
        }
    }

    /// Writes a file that is not there yet.
    ///
    /// - Parameter sync: as for `write`.
    func writeNew(_ text: String, to name: String, sync: Bool) throws(Failure) {
        let file = try openFile(name, flags: O_WRONLY | O_EXCL)
        defer { close(file) }
        try Files.append(text, to: file, path(name))
        guard !sync || fsync(file) == 0 else { throw Files.unwritable(path(name)) }
    }

    // MARK: Power cuts

    func sync() { fsync(descriptor) }
}
