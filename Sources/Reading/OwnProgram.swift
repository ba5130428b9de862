import Glibc
package import Model
import SRIOV
import Text

/// The vfpool that runs now, as a hook and units are to run it.
package enum OwnProgram {
    private static let link = "/proc/self/exe"
    /// What the kernel adds once the file has lost its name: a package's upgrade puts another in its place.
    private static let mark = " (deleted)"

    /// - Throws: `program-gone` where what runs has no name any more, and nothing took its place.
    package static func path() throws(Failure) -> String { try path(of: link) }

    static func path(of link: String) throws(Failure) -> String {
        let target: [UInt8]?
        do throws(HostError) {
            target = try SystemFile.target(link)
        } catch {
            throw Failure(.unreadable, "vfpool can't find its own program", error)
        }
        guard let target else {
            throw Failure(.unreadable, "vfpool can't find its own program", hints: ["is /proc mounted?"])
        }
        guard let text = String(validating: target, as: UTF8.self) else {
            throw gone("the path of vfpool itself is no text", cause: nil)
        }
        // A file may really be called so.
        if isSame(link, text) { return text }
        let path = String(text.without(suffix: mark) ?? text[...])
        guard isProgram(path) else {
            throw gone("the vfpool that runs is not at \(path) any more", cause: "it was removed or moved meanwhile")
        }
        return path
    }

    private static func gone(_ message: String, cause: String?) -> Failure {
        Failure(
            .programGone, message, cause: cause,
            hints: ["run the one that is installed, by its path: `/usr/bin/vfpool`"])
    }

    private static func isSame(_ link: String, _ path: String) -> Bool {
        var own = stat()
        var other = stat()
        return stat(link, &own) == 0 && lstat(path, &other) == 0 && own.st_dev == other.st_dev
            && own.st_ino == other.st_ino
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o111 != 0
    }
}
