import Glibc
import Journal
import Model
import Spec
import Text

/// The texts of a spec: one file, stdin, or a folder's files in the order of their names.
struct SpecFiles {
    let texts: [SpecText]
    let isFolder: Bool

    private static let limit = 10 << 20
    private static let mostFiles = 10_000

    /// - Throws: `bad-spec` where it can't be read, or a folder has none.
    init(_ path: String) throws(Failure) {
        if path.isSame(as: "-") || path.isSame(as: "/dev/stdin") {
            texts = [try Self.open(STDIN_FILENO, name: "stdin")]
            isFolder = false
            return
        }
        var status = stat()
        isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        guard isFolder else {
            texts = [try Self.file(path)]
            return
        }
        let names = try Self.names(path)
        guard !names.isEmpty else {
            throw Failure(.badSpec, "the folder \(path) has no spec: no .yaml, .yml or .json file")
        }
        var texts: [SpecText] = []
        var size = 0
        for name in names {
            let text = try Self.file("\(path.without(suffix: "/").map(String.init) ?? path)/\(name)")
            size += text.size
            guard size <= Self.limit else {
                throw Failure(.badSpec, "the folder \(path) has more than 10 MiB of specs")
            }
            texts.append(text)
        }
        self.texts = texts
    }

    /// One file that is named, or stdin.
    static func one(_ path: String) throws(Failure) -> SpecText { try file(path) }

    private static func file(_ path: String) throws(Failure) -> SpecText {
        do throws(Failure) {
            // What the shell has opened for us: a pipe is waited for there.
            if path.hasPrefix(bytes: "/dev/fd/") || path.hasPrefix(bytes: "/proc/self/fd/") {
                let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
                guard file >= 0 else { throw Failure(.file, "", cause: String(cString: strerror(errno))) }
                defer { close(file) }
                return try open(file, name: path)
            }
            return SpecText(try Files.bytes(path, limit: limit), name: path)
        } catch {
            if error.code == .badSpec { throw error }
            throw Failure(.badSpec, "the spec \(path) can't be read", cause: error.cause ?? error.message)
        }
    }

    private static func open(_ descriptor: Int32, name: String) throws(Failure) -> SpecText {
        do throws(Failure) {
            return SpecText(
                try Files.bytes(of: descriptor, name, limit: limit, isPlain: false), name: name)
        } catch {
            throw Failure(.badSpec, "the spec can't be read from \(name)", cause: error.cause ?? error.message)
        }
    }

    /// Those that end as specs do, without hidden ones.
    private static func names(_ path: String) throws(Failure) -> [Name] {
        guard let folder = opendir(path) else {
            throw Failure(
                .badSpec, "the folder \(path) can't be read", cause: String(cString: strerror(errno)))
        }
        defer { closedir(folder) }
        var names: [Name] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(bytes: "."),
                [".yaml", ".yml", ".json"].contains(where: { name.hasSuffix(bytes: $0) })
            else { continue }
            names.append(Name(name))
            guard names.count <= mostFiles else {
                throw Failure(.badSpec, "the folder \(path) has more than \(mostFiles) specs")
            }
        }
        return names.sorted()
    }
}
