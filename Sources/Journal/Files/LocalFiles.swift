import Glibc
package import Model
import SRIOV
import Text

/// The files of the machine that vfpool runs on. A link is never followed, nor replaced by a file.
package struct LocalFiles: HostFiles {
    private static let limit = 1 << 20

    package init() {}

    package func content(_ path: String) throws(Failure) -> FileContent? {
        // Not even opened, if it is a device.
        var standing = stat()
        if lstat(path, &standing) == 0, ![S_IFREG, S_IFLNK].contains(standing.st_mode & S_IFMT) {
            throw Self.unlike(path, "it is no plain file")
        }
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
        let folder = path.pathFolder
        try Self.makeFolders(folder)
        if content.mode == FileContent.link { return try writeLink(content.text, path, folder) }
        var former = stat()
        let wasThere = lstat(path, &former) == 0
        if wasThere, former.st_mode & S_IFMT != S_IFREG { throw Self.unlike(path, "it is no plain file") }
        try Self.stage(path, folder) { (staging, name) throws(HostError) in
            let file = try staging.create(name)
            defer { close(file) }
            try Descriptor.write(content.text.utf8, to: file)
            guard !wasThere || fchown(file, former.st_uid, former.st_gid) == 0,
                fchmod(file, content.mode) == 0, fsync(file) == 0
            else { throw HostError(path, errno) }
        }
    }

    private func writeLink(_ target: String, _ path: String, _ folder: String) throws(Failure) {
        _ = try link(path)
        try Self.stage(path, folder) { (staging, name) throws(HostError) in try staging.link(name, to: target) }
    }

    package func remove(_ path: String, folder: Bool) throws(Failure) {
        guard unlink(path) == 0 || errno == ENOENT else { throw Self.failure("remove", path) }
        let (parent, name) = (path.pathFolder, path.pathName)
        Staging.clean(parent, of: name)
        if folder { rmdir(parent) }
        Files.syncFolder(parent)
    }

    // MARK: Details

    /// Has something made aside, and puts it in the path's place.
    private static func stage(
        _ path: String, _ folder: String, _ make: (borrowing Staging, String) throws(HostError) -> Void
    ) throws(Failure) {
        let name = path.pathName
        do throws(HostError) {
            let staging = try Staging(in: folder, for: name)
            do throws(HostError) {
                try make(staging, name)
                try staging.publish(name)
            } catch {
                staging.discard(name)
                throw error
            }
        } catch {
            guard error.number == EEXIST, error.path.hasSuffix(bytes: "/" + Staging.name) else {
                throw failure("write", path, error)
            }
            throw Failure(
                .file, "could not write \(path)", cause: "\(error.path) is there, and is no folder of vfpool's",
                hints: ["look at it, and remove it: `rm -r \(shell: error.path)`"])
        }
    }

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
        do throws(HostError) {
            return try Descriptor.read(file, limit: limit + 1)
        } catch {
            throw failure("read", path, error)
        }
    }

    private static func failure(_ verb: String, _ path: String, _ error: HostError? = nil) -> Failure {
        let error = error ?? HostError(path, errno)
        let code: Failure.Code = error.isDenial ? .accessDenied : verb == "read" ? .unreadable : .file
        return Failure(
            code, "could not \(verb) \(path)", cause: String(cString: strerror(error.number)), hints: error.hints)
    }

    private static func unlike(_ path: String, _ cause: String) -> Failure {
        Failure(
            .file, "\(path) is not a file that vfpool can change and put back", cause: cause,
            hints: ["look at it; nothing was changed"])
    }
}
