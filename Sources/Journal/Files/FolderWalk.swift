import CLinux
import Glibc
import Model
import Text

/// The way to a folder from `/`, step by step, so that nobody can exchange a part of it between the look and the next step.
///
/// Each folder on it has to be root's or this user's, and not for others to write; in one with the sticky bit, such as /tmp,
/// others can't exchange what is not theirs. A symbolic link is followed where the same holds for it and its folder.
final class FolderWalk {
    /// As many links as the kernel follows.
    private static let mostLinks = 40

    private static let pathOnly = Int32(vfpool_O_PATH)

    private let makes: Bool
    /// Where the walk is: a descriptor to open others from, its path for people, and what it is.
    private var place: Int32
    private var path = ""
    private var status: stat
    private var rest: ArraySlice<String>
    private var links = 0

    /// - Parameter makes: whether folders that are missing are made.
    /// - Returns: the folder, to open others from, which the caller closes; nil where a part of the way is not there.
    /// - Throws: `journal`, with the folder that others can write.
    static func open(_ path: String, makes: Bool) throws(Failure) -> Int32? {
        let walk = try FolderWalk(path, makes: makes)
        while let part = walk.rest.popFirst() {
            guard try walk.step(part) else { return nil }
        }
        let end = fcntl(walk.place, F_DUPFD_CLOEXEC, 3)
        guard end >= 0 else { throw Files.unreadable(path) }
        return end
    }

    private init(_ path: String, makes: Bool) throws(Failure) {
        self.makes = makes
        rest = path.split(byte: "/").map(String.init)[...]
        place = try Self.root()
        status = stat()
        guard fstat(place, &status) == 0 else { throw Files.unreadable("/") }
        try Trust.checkParent(status, "/")
    }

    deinit { close(place) }

    private static func root() throws(Failure) -> Int32 {
        let file = Glibc.open("/", Self.pathOnly | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw Files.unreadable("/") }
        return file
    }

    /// - Returns: whether there is such a thing.
    private func step(_ part: String) throws(Failure) -> Bool {
        if part == "." { return true }
        let name = path + "/" + part
        if makes, mkdirat(place, part, 0o700) == 0 { sync() }
        let next = openat(place, part, Self.pathOnly | O_NOFOLLOW | O_CLOEXEC)
        guard next >= 0 else {
            if errno == ENOENT, !makes { return false }
            throw makes ? unmakable(name) : Files.unreadable(name)
        }
        var status = stat()
        guard fstat(next, &status) == 0 else { throw Files.unreadable(name) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            close(place)
            (place, self.status, path) = (next, status, name)
            try Trust.checkParent(status, name)
        case S_IFLNK:
            defer { close(next) }
            try Trust.checkLink(status, name, in: self.status)
            try follow(next, name)
        default:
            close(next)
            throw makes ? unmakable(name, "it is no folder") : Files.unreadable(name, "it is no folder")
        }
        return true
    }

    private func follow(_ link: Int32, _ name: String) throws(Failure) {
        links += 1
        guard links <= Self.mostLinks else { throw Files.unreadable(name, "too many symbolic links") }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(link, "", &buffer, buffer.count)
        guard count > 0 else { throw Files.unreadable(name) }
        let target = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        rest = (target.split(byte: "/").map(String.init) + rest)[...]
        guard target.hasPrefix(bytes: "/") else { return }
        let root = try Self.root()
        close(place)
        (place, path) = (root, "")
        guard fstat(place, &status) == 0 else { throw Files.unreadable("/") }
    }

    /// What was just made here outlasts a power cut.
    private func sync() {
        let file = openat(place, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { return }
        fsync(file)
        close(file)
    }

    private func unmakable(_ path: String, _ cause: String? = nil) -> Failure {
        Failure(
            .journal, "could not make the folder \(path) for the journal",
            cause: cause ?? String(cString: strerror(errno)),
            hints: [Trust.hint])
    }
}
