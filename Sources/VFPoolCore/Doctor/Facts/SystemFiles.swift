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
}
