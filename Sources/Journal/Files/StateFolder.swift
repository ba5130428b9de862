import Glibc
import Model
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

    static let changesName = "changes"
    static let lockName = "lock"

    package var changes: String { path + "/" + Self.changesName }
    package var lock: String { path + "/" + Self.lockName }

    /// - Returns: nil where there is none yet.
    /// - Throws: `journal` where others could write it, or put another one in its place.
    func open() throws(Failure) -> OwnFolder? { try OwnFolder.open(path) }

    /// Makes the folder and its parents, readable by their owner alone: documents hold graphics passwords.
    func create() throws(Failure) -> (own: OwnFolder, changes: OwnFolder) {
        guard let own = try OwnFolder.open(path, makes: true) else { throw Files.unreadable(path) }
        if let changes = try own.makeFolder(Self.changesName) {
            own.sync()
            return (own, changes)
        }
        guard let there = try own.folder(Self.changesName) else { throw Files.unreadable(changes, "it is no folder") }
        return (own, there)
    }

    /// Why what stands here can't be used; nil where it can, or where nothing stands here yet.
    package var problem: String? {
        do throws(Failure) {
            _ = try open()?.folder(Self.changesName)
            return nil
        } catch {
            return error.message + (error.cause.map { ": \($0)" } ?? "")
        }
    }
}
