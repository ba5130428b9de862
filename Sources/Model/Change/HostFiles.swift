import Text

/// The files of this machine, to be looked at.
package protocol FileReading: Sendable {
    /// A file as it is; nil where there is none.
    func content(_ path: String) throws(Failure) -> FileContent?
    /// A symbolic link, with where it leads as its text; nil where there is none.
    func link(_ path: String) throws(Failure) -> FileContent?
    func hasFolder(_ path: String) -> Bool
}

/// The files of this machine that a change may write, behind a seam that tests can make fail on cue.
package protocol HostFiles: FileReading {
    /// Whole or not at all, with the folders it needs.
    func write(_ content: FileContent, to path: String) throws(Failure)
    /// - Parameter folder: whether its folder goes too, if nothing else is in it.
    func remove(_ path: String, folder: Bool) throws(Failure)
}

extension FileReading {
    /// What stands where a change writes, in the form that it writes.
    package func current(_ change: FileChange) throws(Failure) -> FileContent? {
        change.isLink ? try link(change.path) : try content(change.path)
    }

    /// The change that makes a symbolic link lead there, or takes it away; nil where it is so already.
    package func linkChange(_ path: String, to target: String?) throws(Failure) -> FileChange? {
        let now = try link(path)
        let folder = path.pathFolder
        let change = FileChange(
            path: path, before: now?.text, after: target, mode: FileContent.link, formerMode: now?.mode,
            makesFolder: now == nil && !hasFolder(folder))
        return change.endsIn(now) ? nil : change
    }

    /// The change that gives a file this text, whatever it is now; nil where it is that already.
    package func change(_ path: String, to text: String?, mode: UInt32 = 0o644) throws(Failure) -> FileChange? {
        let now = try content(path)
        let folder = path.pathFolder
        let change = FileChange(
            path: path, before: now?.text, after: text, mode: text == nil ? now?.mode ?? mode : mode,
            formerMode: now?.mode, makesFolder: now == nil && !hasFolder(folder))
        return change.endsIn(now) ? nil : change
    }
}
