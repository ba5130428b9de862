import Glibc
import Text

/// Where vfpool keeps its journal and lock: `/var/lib/vfpool` for root, `$XDG_STATE_HOME/vfpool` for others.
package struct StateFolder: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// `VFPOOL_STATE_DIR` goes before both.
    package static func standard(_ environment: [String: String]) -> StateFolder {
        if let path = environment["VFPOOL_STATE_DIR"], !path.isEmpty { return StateFolder(path: absolute(path)) }
        if geteuid() == 0 { return StateFolder(path: "/var/lib/vfpool") }
        if let path = environment["XDG_STATE_HOME"], path.hasPrefix(bytes: "/") {
            return StateFolder(path: path + "/vfpool")
        }
        return StateFolder(path: home(environment) + "/.local/state/vfpool")
    }

    /// Never a place that others share: an account without a home has to name a folder.
    private static func home(_ environment: [String: String]) -> String {
        if let path = environment["HOME"], path.hasPrefix(bytes: "/") { return path }
        guard let record = getpwuid(geteuid()) else { return "/nonexistent" }
        return String(cString: record.pointee.pw_dir)
    }

    private static func absolute(_ path: String) -> String {
        if path.hasPrefix(bytes: "/") { return path }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard getcwd(&buffer, buffer.count) != nil else { return "/" + path }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/" + path
    }

    package var changes: String { path + "/changes" }
    package var lock: String { path + "/lock" }

    /// Makes the folder and its parents, readable by their owner alone: documents hold graphics passwords.
    func create() throws(Failure) {
        var prefix = ""
        for part in changes.split(byte: "/") {
            prefix += "/" + part
            if mkdir(prefix, 0o700) != 0, errno != EEXIST {
                throw Failure(
                    .journal, "could not make the folder \(prefix) for the journal",
                    cause: String(cString: strerror(errno)),
                    hints: [Self.hint])
            }
        }
        for folder in [path, changes] { try checkOwn(folder) }
    }

    /// Why what stands here can't be used; nil where it can, or where nothing stands here yet.
    var problem: String? {
        for folder in [path, changes] where Files.exists(folder) {
            do throws(Failure) {
                try checkOwn(folder)
            } catch {
                return error.message + (error.cause.map { ": \($0)" } ?? "")
            }
        }
        return nil
    }

    /// Undo defines what stands here, so nobody else may be able to write it.
    private func checkOwn(_ folder: String) throws(Failure) {
        var status = stat()
        guard stat(folder, &status) == 0 else {
            throw Failure(
                .journal, "could not look at the folder \(folder) of the journal",
                cause: String(cString: strerror(errno)), hints: [Self.hint])
        }
        guard status.st_uid == geteuid() else {
            throw Failure(
                .journal, "the folder \(folder) of the journal is another user's",
                cause: "its owner is user \(status.st_uid)", hints: [Self.hint])
        }
        guard status.st_mode & 0o022 == 0 else {
            throw Failure(
                .journal, "others can write in the folder \(folder) of the journal",
                hints: ["look who did, then `chmod go-w \(shell: folder)`", Self.hint])
        }
    }

    private static let hint: Hint = "nothing was changed; choose another folder with VFPOOL_STATE_DIR"
}
