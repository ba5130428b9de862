import Glibc
import Text

/// Small text files of a host, below a root that tests can move: `/proc`, `/sys`, `/etc`, `/run`.
package struct SystemFiles: Sendable {
    /// Empty for the machine itself.
    let root: String

    package init(root: String = "") { self.root = root }

    /// A file's text; absent where there is none, unknown where it may not be read.
    func text(_ path: String) -> Fact<String> {
        let full = root + path
        // A pipe would keep us waiting.
        var status = stat()
        guard stat(full, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return .absent }
        do throws(Failure) {
            return .known(try Files.read(full))
        } catch {
            return access(full, F_OK) == 0 ? .unknown("only root can read \(path)") : .absent
        }
    }

    /// Names in a folder, sorted; none where there is no such folder, or it may not be read.
    func names(in folder: String) -> [String] { (try? Files.names(in: root + folder)) ?? [] }

    func exists(_ path: String) -> Bool { access(root + path, F_OK) == 0 }

    func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(root + path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o111 != 0
    }

    func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(root + path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Paths of a folder's files with this ending.
    func paths(in folders: [String], ending: String) -> [String] {
        folders.flatMap { folder in names(in: folder).filter { $0.hasSuffix(bytes: ending) }.map { "\(folder)/\($0)" } }
    }

    // MARK: What a path is

    func isReadable(_ path: String) -> Bool { access(root + path, R_OK) == 0 }

    func isPlain(_ path: String) -> Bool { size(path) != nil }

    /// A plain file's size in bytes.
    func size(_ path: String) -> Int? {
        var status = stat()
        guard stat(root + path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Whether a file begins with the name of the program that is to read it: `#!`.
    func startsLikeScript(_ path: String) -> Bool {
        let descriptor = open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return isPlain(path) && !isReadable(path) }
        defer { close(descriptor) }
        var start: [UInt8] = [0, 0]
        return read(descriptor, &start, 2) == 2 && start == Array("#!".utf8)
    }

    /// The path without links in it; nil where there is nothing, or it leads out of the root.
    func real(_ path: String) -> String? {
        guard let target = realpath(root + path, nil) else { return nil }
        defer { free(target) }
        guard !root.isEmpty else { return String(cString: target) }
        guard let start = realpath(root, nil) else { return nil }
        defer { free(start) }
        return String(cString: target).without(prefix: String(cString: start)).map(String.init)
    }
}
