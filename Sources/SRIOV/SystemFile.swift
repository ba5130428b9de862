package import Glibc

/// Files and folders as the system tells them: nil is what is not there; whatever else keeps one from being read is an
/// error, never a "no".
package enum SystemFile {
    /// The bytes of a regular file, `limit` of them at most; nil where there is none: a pipe would keep us waiting, and a
    /// device may do anything.
    package static func bytes(_ path: String, limit: Int = 1 << 20) throws(HostError) -> [UInt8]? {
        // Opening alone is an act on some devices: a watchdog's reboots the host.
        guard let standing = try Self.status(path), standing.st_mode & S_IFMT == S_IFREG else { return nil }
        guard let file = try open(path, path, flags: O_NONBLOCK | O_NOCTTY) else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return try absent(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return try contents(file, path, limit: limit)
    }

    /// Names in a folder, in no order; nil where there is no such folder.
    ///
    /// - Parameter withHidden: whether those count that start with a dot.
    package static func names(in folder: String, withHidden: Bool = false) throws(HostError) -> [String]? {
        guard let file = try open(folder, folder, flags: O_DIRECTORY) else { return nil }
        return try names(file, folder, withHidden: withHidden)
    }

    /// What stands at a path, through links; nil where nothing does.
    package static func status(_ path: String) throws(HostError) -> stat? {
        var status = stat()
        if stat(path, &status) == 0 { return status }
        return try absent(path)
    }

    /// What stands at a path itself, a link being one; nil where nothing does.
    package static func linkStatus(_ path: String) throws(HostError) -> stat? {
        var status = stat()
        if lstat(path, &status) == 0 { return status }
        return try absent(path)
    }

    /// Where a symbolic link leads; nil where there is no link.
    package static func target(_ path: String) throws(HostError) -> [UInt8]? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        if count < 0 { return errno == EINVAL ? nil : try absent(path) }
        guard count < buffer.count else { throw HostError(path, ENAMETOOLONG) }
        return buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }

    // MARK: Shared with `Folder`

    /// - Parameter full: the path for an error, where `path` is relative to `folder`.
    static func open(
        _ path: String, _ full: @autoclosure () -> String, at folder: Int32 = AT_FDCWD, flags: Int32 = 0
    ) throws(HostError) -> Int32? {
        while true {
            let file = openat(folder, path, O_RDONLY | O_CLOEXEC | flags)
            if file >= 0 { return file }
            if errno == EINTR { continue }
            return try absent(full())
        }
    }

    /// Nil if the last call failed because there is no such thing.
    static func absent<Value>(_ path: @autoclosure () -> String) throws(HostError) -> Value? {
        let error = HostError("", errno)
        if error.isAbsence { return nil }
        throw HostError(path(), error.number)
    }

    /// Reads on until the end, for one read may bring less than there is; nil where what the file is about has gone.
    static func contents(
        _ file: Int32, _ path: @autoclosure () -> String, limit: Int
    ) throws(HostError) -> [UInt8]? {
        do throws(HostError) {
            return try Descriptor.read(file, limit: limit)
        } catch {
            if error.isAbsence { return nil }
            throw HostError(path(), error.number)
        }
    }

    /// Takes over the descriptor of a folder.
    package static func names(
        _ file: Int32, _ path: @autoclosure () -> String, startingWith prefix: String = "", withHidden: Bool = false
    ) throws(HostError) -> [String] {
        guard let stream = fdopendir(file) else {
            let error = HostError(path(), errno)
            close(file)
            // It asks for the folder's status, which /proc/PID/fd has none of once the process has ended (Linux 6.2).
            if error.isAbsence { return [] }
            throw error
        }
        defer { closedir(stream) }
        var names: [String] = []
        let prefixLength = prefix.utf8.count
        while true {
            // The end of the folder and a failure look alike otherwise.
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = FolderEntry.name(entry)
            if name.first == UInt8(ascii: ".") {
                if !withHidden || name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
            }
            if prefixLength == 0 || name.starts(with: prefix.utf8) {
                names.append(String(decoding: name, as: UTF8.self))
            }
        }
        // A process or device that went away meanwhile takes its folder with it.
        guard errno == 0 || HostError("", errno).isAbsence else { throw HostError(path(), errno) }
        return names
    }
}
