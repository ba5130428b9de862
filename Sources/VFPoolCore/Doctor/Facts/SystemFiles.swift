import Glibc
import SRIOV

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
    func names(in folder: String) -> Fact<[String]> {
        do throws(HostError) {
            return Fact(try SystemFile.names(in: root + folder)?.sorted())
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
}
