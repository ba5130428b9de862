import Glibc
import SRIOV
import Text

/// The files of the machine that vfpool runs on. A link is never followed, nor replaced by a file.
package struct LocalFiles: HostFiles {
    private static let limit = 1 << 20

    package init() {}

    package func content(_ path: String) throws(Failure) -> FileContent? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            if errno == ELOOP { throw Self.unlike(path, "it is a symbolic link") }
            throw Self.failure("read", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Self.failure("read", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Self.unlike(path, "it is no plain file") }
        guard status.st_size <= Self.limit else { throw Self.unlike(path, "it is too large") }
        let bytes = try Self.bytes(file, path)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.unlike(path, "it is no text") }
        return FileContent(text: text, mode: status.st_mode & 0o7777)
    }

    package func link(_ path: String) throws(Failure) -> FileContent? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Self.failure("read", path)
        }
        guard status.st_mode & S_IFMT == S_IFLNK else { throw Self.unlike(path, "it is no symbolic link") }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count >= 0 else { throw Self.failure("read", path) }
        guard let target = String(validating: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) else {
            throw Self.unlike(path, "it is no text")
        }
        return FileContent(text: target, mode: FileContent.link)
    }

    package func hasFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    package func write(_ content: FileContent, to path: String) throws(Failure) {
        let folder = String(path.cut(atLast: "/")?.before ?? "")
        try Self.makeFolders(folder)
        if content.mode == FileContent.link { return try writeLink(content.text, path, folder) }
        var former = stat()
        let wasThere = lstat(path, &former) == 0
        if wasThere, former.st_mode & S_IFMT != S_IFREG { throw Self.unlike(path, "it is no plain file") }
        // Not executable before it is whole: some folders are run file by file.
        let temporary = path + ".vfpool-new"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure("write", path) }
        defer { close(file) }
        do throws(Failure) {
            try Self.append(content.text, to: file, path)
            if wasThere, fchown(file, former.st_uid, former.st_gid) != 0 { throw Self.failure("write", path) }
            guard fchmod(file, content.mode) == 0, fsync(file) == 0, rename(temporary, path) == 0 else {
                throw Self.failure("write", path)
            }
        } catch {
            unlink(temporary)
            throw error
        }
        Files.syncFolder(folder)
    }

    private func writeLink(_ target: String, _ path: String, _ folder: String) throws(Failure) {
        _ = try link(path)
        let temporary = path + ".vfpool-new"
        unlink(temporary)
        guard symlink(target, temporary) == 0, rename(temporary, path) == 0 else {
            let failure = Self.failure("write", path)
            unlink(temporary)
            throw failure
        }
        Files.syncFolder(folder)
    }

    package func remove(_ path: String, folder: Bool) throws(Failure) {
        guard unlink(path) == 0 || errno == ENOENT else { throw Self.failure("remove", path) }
        let parent = String(path.cut(atLast: "/")?.before ?? "")
        if folder { rmdir(parent) }
        Files.syncFolder(parent)
    }

    // MARK: Details

    private static func makeFolders(_ folder: String) throws(Failure) {
        var prefix = ""
        for part in folder.split(byte: "/") {
            prefix += "/" + part
            if mkdir(prefix, 0o755) == 0 {
                // Whatever the umask: these are the host's, not ours.
                chmod(prefix, 0o755)
            } else if errno != EEXIST {
                throw failure("make", prefix)
            }
        }
    }

    private static func bytes(_ file: Int32, _ path: String) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = read(file, &buffer, buffer.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("read", path)
            }
            bytes += buffer.prefix(count)
        }
        return bytes
    }

    private static func append(_ text: String, to file: Int32, _ path: String) throws(Failure) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("write", path)
            }
            rest = rest.dropFirst(count)
        }
    }

    private static func failure(_ verb: String, _ path: String) -> Failure {
        let number = errno
        let error = HostError(path, number)
        let code: Failure.Code = error.isDenial ? .accessDenied : verb == "read" ? .unreadable : .file
        return Failure(
            code, "could not \(verb) \(path)", cause: String(cString: strerror(number)), hints: error.hints)
    }

    private static func unlike(_ path: String, _ cause: String) -> Failure {
        Failure(
            .file, "\(path) is not a file that vfpool can change and put back", cause: cause,
            hints: ["look at it; nothing was changed"])
    }
}
