import Glibc
import Model
import SRIOV
import Text

/// Small text files of a host, below a root that tests can move: `/proc`, `/sys`, `/etc`, `/run`.
package struct SystemFiles: Sendable {
    /// Empty for the machine itself.
    let root: String

    package init(root: String = "") { self.root = root }

    /// What stands at a path, through links.
    enum Kind: Sendable, Equatable {
        case file(isExecutable: Bool)
        case folder
        /// A device, say: a unit that is masked is a link to /dev/null.
        case other
    }

    /// The beginning of a file's text; absent where there is no plain file, unknown where it could not be read. A unit may name a
    /// disk's image as its program, and no file that is read here is larger than a mebibyte.
    func text(_ path: String, limit: Int = 1 << 20) -> Fact<String> {
        do throws(HostError) {
            return Fact(try SystemFile.bytes(root + path, limit: limit).map { String(decoding: $0, as: UTF8.self) })
        } catch {
            return .unknown(Self.reason(error, path))
        }
    }

    /// Names in a folder, sorted; absent where there is no such folder.
    ///
    /// - Parameter withHidden: whether those count that start with a dot.
    func names(in folder: String, withHidden: Bool = false) -> Fact<[String]> {
        do throws(HostError) {
            return Fact(try SystemFile.names(in: root + folder, withHidden: withHidden)?.sorted())
        } catch {
            return .unknown(Self.reason(error, folder))
        }
    }

    func kind(_ path: String) -> Fact<Kind> {
        do throws(HostError) {
            guard let status = try SystemFile.status(root + path) else { return .absent }
            switch status.st_mode & S_IFMT {
            case S_IFREG: return .known(.file(isExecutable: status.st_mode & 0o111 != 0))
            case S_IFDIR: return .known(.folder)
            default: return .known(.other)
            }
        } catch {
            return .unknown(Self.reason(error, path))
        }
    }

    private static func reason(_ error: HostError, _ path: String) -> String {
        error.isDenial ? "only root can read \(path)" : "\(path): \(String(cString: strerror(error.number)))"
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
        guard isPlain(path) else { return false }
        let descriptor = open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return !isReadable(path) }
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
