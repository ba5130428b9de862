import CLinux
package import Glibc
package import Model
import SRIOV
import Text

/// Tells whether root alone can change what a path leads to: the file, every folder from `/` to it, and the same of where
/// links on the way lead.
///
/// A sticky folder such as /tmp is not enough: what is cleaned up there can be put there again by anybody.
package struct RootOnly: Sendable {
    /// Below which all paths are; empty for the machine itself.
    private let root: String
    /// Who stands for root.
    private let owner: uid_t

    package init(root: String = "", owner: uid_t = 0) {
        self.root = root
        self.owner = owner
    }

    /// What others can change of these, each once; what is not there is nobody's.
    ///
    /// - Throws: `host-unreadable`.
    package func weaknesses(of paths: [String]) throws(Failure) -> [Weakness] {
        do throws(HostError) {
            var found: [Weakness] = []
            var seen: Set<Name> = []
            for path in paths { try look(path, &seen, &found) }
            return found
        } catch {
            throw Self.failure(error)
        }
    }

    /// Those that are there, also as a link that leads nowhere.
    ///
    /// - Throws: `host-unreadable`.
    func existing(_ paths: [String]) throws(Failure) -> [String] {
        do throws(HostError) {
            var found: [String] = []
            for path in paths where try SystemFile.linkStatus(root + path) != nil { found.append(path) }
            return found
        } catch {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: HostError) -> Failure {
        Failure(.unreadable, "it is not known whether only root can change what runs as root", error)
    }

    private func look(_ path: String, _ seen: inout Set<Name>, _ found: inout [Weakness]) throws(HostError) {
        var done = ""
        var rest = path.split(byte: "/")[...]
        var links = 0
        try check("/", &seen, &found)
        while let part = rest.popFirst() {
            if part.isSame(as: ".") { continue }
            if part.isSame(as: "..") {
                done = done.pathFolder
                continue
            }
            let full = "\(done)/\(part)"
            guard let target = try target(full) else {
                guard try check(full, &seen, &found) else { return }
                done = full
                continue
            }
            links += 1
            guard links <= 40 else { throw HostError(path, ELOOP) }
            if target.hasPrefix(bytes: "/") { done = "" }
            rest = (target.split(byte: "/") + rest)[...]
        }
    }

    /// Where a link leads; nil for anything else.
    private func target(_ path: String) throws(HostError) -> String? {
        guard let bytes = try SystemFile.target(root + path) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw HostError(path, EILSEQ) }
        return text
    }

    /// - Returns: whether it is there.
    @discardableResult
    private func check(_ path: String, _ seen: inout Set<Name>, _ found: inout [Weakness]) throws(HostError) -> Bool {
        guard let status = try SystemFile.linkStatus(root + path) else { return false }
        if seen.insert(Name(path)).inserted, let reason = reason(status, path) {
            found.append(Weakness(path: path, reason: reason))
        }
        return true
    }

    private func reason(_ status: stat, _ path: String) -> Weakness.Reason? {
        if status.st_uid != owner { return .owner(status.st_uid) }
        let mode = status.st_mode & 0o7777
        if mode & 0o002 != 0 { return .everybody(mode: mode) }
        guard mode & 0o020 != 0 else { return nil }
        // With an access control list these bits are the most that any of its users and groups has.
        if getxattr(root + path, "system.posix_acl_access", nil, 0) > 0 { return .accessList }
        return status.st_gid == 0 ? nil : .group(status.st_gid, mode: mode)
    }
}
