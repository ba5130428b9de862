import FoundationEssentials
import Glibc
import TestSupport

/// Files of a made-up host, below a folder that ends with the value.
struct FileTree {
    private let folder: TemporaryFolder

    var root: String { folder.path }

    /// - Parameter files: texts by path, without a slash in front.
    init(_ files: [String: String]) throws {
        folder = try TemporaryFolder()
        for (path, text) in files {
            let full = "\(folder.path)/\(path)"
            try FileManager.default.createDirectory(
                atPath: String(full[..<(full.lastIndex(of: "/") ?? full.endIndex)]), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: full))
        }
    }

    func link(_ path: String, to target: String) throws {
        let full = "\(root)/\(path)"
        try FileManager.default.createDirectory(
            atPath: String(full[..<(full.lastIndex(of: "/") ?? full.endIndex)]), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: full, withDestinationPath: target)
    }

    func makeExecutable(_ path: String) throws { try chmod(path, 0o755) }

    func chmod(_ path: String, _ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(root)/\(path)")
    }
}
