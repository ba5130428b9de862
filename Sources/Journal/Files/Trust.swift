import Glibc
import Model
import Text

/// Who may be able to write what vfpool's state is made of: root, and the user who runs it.
enum Trust {
    static let hint: Hint = "nothing was changed; choose another folder with VFPOOL_STATE_DIR"

    /// A folder or file of the state: this user's alone.
    static func checkOwn(_ status: stat, _ path: String) throws(Failure) {
        guard status.st_uid == geteuid() else {
            throw Failure(
                .journal, "\(path) of the journal is another user's", cause: "its owner is user \(status.st_uid)",
                hints: [
                    "look what it is; if it is yours to use: `chown \(shell: String(geteuid())) \(shell: path)`", hint,
                ])
        }
        try checkMode(status, path)
    }

    /// A folder above: who can write it can put another one in place of what is in it.
    static func checkParent(_ status: stat, _ path: String) throws(Failure) {
        try checkOwner(status, path)
        // There others can't rename or remove what is not theirs.
        if status.st_mode & 0o1000 == 0 { try checkMode(status, path) }
    }

    /// A link in a folder above.
    static func checkLink(_ status: stat, _ path: String, in parent: stat) throws(Failure) {
        try checkOwner(status, path)
        guard parent.st_mode & 0o022 == 0 else {
            throw Failure(
                .journal, "\(path), on the way to the journal, is a symbolic link in a folder that others can write",
                hints: [hint])
        }
    }

    private static func checkOwner(_ status: stat, _ path: String) throws(Failure) {
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            throw Failure(
                .journal, "\(path), on the way to the journal, is another user's",
                cause: "its owner is user \(status.st_uid), who could put another journal in its place", hints: [hint])
        }
    }

    private static func checkMode(_ status: stat, _ path: String) throws(Failure) {
        guard status.st_mode & 0o022 == 0 else {
            throw Failure(
                .journal, "others can write \(path), where the journal is",
                cause: "its mode is \(String(status.st_mode & 0o7777, radix: 8))",
                hints: ["look who did, then `chmod go-w \(shell: path)`", hint])
        }
    }
}
