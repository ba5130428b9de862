import Glibc

/// What went wrong while a pretend tree was built.
package struct PretendSysError: Error, Equatable {
    package let path: String
    package let code: Int32
}

/// The few file operations that a pretend tree needs.
package enum PretendFiles {
    /// One folder for all trees of this process, removed at its end: a tree must outlive the value that built it, for a
    /// `Sysfs` only has its path.
    private static let parent: Result<String, PretendSysError> = Result { () throws(PretendSysError) in
        let folder = try temporaryFolder()
        atexit { PretendFiles.removeAll() }
        return folder
    }

    static func newFolder() throws(PretendSysError) -> String {
        var template = Array((try parent.get() + "/XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw PretendSysError(path: "", code: errno) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func removeAll() {
        if case .success(let folder) = parent { remove(folder) }
    }

    private static func temporaryFolder() throws(PretendSysError) -> String {
        // In memory if possible, as /sys is: a large tree on a disk takes seconds.
        let memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? memory
        removeAbandoned(in: parent)
        var template = Array((parent + "/" + prefix + "XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw PretendSysError(path: parent, code: errno) }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Held until the process ends, however it ends.
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, flock(descriptor, LOCK_SH) == 0 else { throw PretendSysError(path: folder, code: errno) }
        return folder
    }

    private static let prefix = "vfpool-sys."

    /// Takes away what processes left that were killed: a run's trees have 300,000 files, and memory has room for few such.
    package static func removeAbandoned(in parent: String) {
        guard let stream = opendir(parent) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let path = parent + "/" + name(entry)
            guard name(entry).hasPrefix(prefix) else { continue }
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            // One that was made a moment ago is about to be held.
            guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), time(nil) - status.st_mtim.tv_sec > 60,
                flock(descriptor, LOCK_EX | LOCK_NB) == 0
            else { continue }
            remove(path)
        }
    }

    private static func name(_ entry: UnsafeMutablePointer<dirent>) -> String {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19
        return String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
    }

    static func makeFolder(_ path: String) throws(PretendSysError) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw PretendSysError(path: path, code: errno)
        }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 else { throw PretendSysError(path: path, code: errno) }
    }

    package static func write(_ text: String, _ path: String) throws(PretendSysError) {
        try makeParent(path)
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw PretendSysError(path: path, code: errno) }
        defer { close(file) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard written > 0 else { throw PretendSysError(path: path, code: errno) }
            bytes = bytes.dropFirst(written)
        }
    }

    /// Replaces a link that is there already.
    package static func link(_ path: String, to target: String) throws(PretendSysError) {
        try makeParent(path)
        unlink(path)
        guard symlink(target, path) == 0 else { throw PretendSysError(path: path, code: errno) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The path with the links of its folder resolved, relative to `root`.
    static func real(_ path: String, below root: String) -> String {
        guard let slash = path.lastIndex(of: "/"), let folder = realpath(String(path[..<slash]), nil),
            let top = realpath(root, nil)
        else { return String(path.dropFirst(root.utf8.count + 1)) }
        defer {
            free(folder)
            free(top)
        }
        return String((String(cString: folder) + path[slash...]).dropFirst(String(cString: top).count + 1))
    }

    /// A file, a link, or a folder with all that is in it.
    package static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        if let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = name(entry)
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            closedir(stream)
        }
        rmdir(path)
    }

    private static func makeParent(_ path: String) throws(PretendSysError) {
        if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
    }
}
