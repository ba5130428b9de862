import Text

/// Files as they were when they were read: what a plan is made from.
package struct KnownFiles: FileReading {
    private struct File: Sendable {
        var content: Result<FileContent?, Failure>
        var link: Result<FileContent?, Failure>
        /// Whether the folder that it belongs in is there.
        var hasFolder: Bool
    }

    private var files: [Name: File] = [:]

    /// Reads files; what can't be read fails when a plan asks for it.
    package init(_ paths: [String], in source: some FileReading) {
        for path in paths {
            files[Name(path)] = File(
                content: Result { () throws(Failure) in try source.content(path) },
                link: Result { () throws(Failure) in try source.link(path) },
                hasFolder: source.hasFolder(path.pathFolder))
        }
    }

    package func content(_ path: String) throws(Failure) -> FileContent? { try file(path).content.get() }

    package func link(_ path: String) throws(Failure) -> FileContent? { try file(path).link.get() }

    package func hasFolder(_ path: String) -> Bool {
        files.contains { $0.value.hasFolder && $0.key.string.pathFolder.isSame(as: path) }
    }

    private func file(_ path: String) throws(Failure) -> File {
        guard let file = files[Name(path)] else {
            throw Failure(.file, "\(path) was not read before the plan was made")
        }
        return file
    }
}
