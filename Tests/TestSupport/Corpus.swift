import FoundationEssentials
import Glibc

/// libvirt's own test documents, brought here by `Tests/Corpus/fetch`.
package enum Corpus {
    /// `VFPOOL_CORPUS`, or `.cache/corpus` below the top folder.
    package static let folder: String = {
        let top = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = getenv("VFPOOL_CORPUS").map { String(cString: $0) } ?? "/\(top)/.cache/corpus"
        // A link is not looked into.
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }()

    package static var isThere: Bool { FileManager.default.fileExists(atPath: folder + "/VERSION") }

    /// Paths of all documents, sorted, relative to the folder.
    package static func documents() -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".xml") }.sorted()
    }

    package static func read(_ path: String) -> String? {
        (try? Data(contentsOf: URL(filePath: "\(folder)/\(path)"))).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
