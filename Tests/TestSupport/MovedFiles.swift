import Journal
package import Model

/// A machine's files below another root: `/etc/…` is in a folder of the test's.
package struct MovedFiles: HostFiles {
    private let root: String
    private let base = LocalFiles()

    package init(root: String) { self.root = root }

    package func content(_ path: String) throws(Failure) -> FileContent? { try base.content(root + path) }

    package func link(_ path: String) throws(Failure) -> FileContent? { try base.link(root + path) }

    package func hasFolder(_ path: String) -> Bool { base.hasFolder(root + path) }

    package func write(_ content: FileContent, to path: String) throws(Failure) {
        try base.write(content, to: root + path)
    }

    package func remove(_ path: String, folder: Bool) throws(Failure) {
        try base.remove(root + path, folder: folder)
    }
}
