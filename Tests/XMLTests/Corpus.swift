import FoundationEssentials
import Glibc

/// libvirt's own test documents, brought here by `Tests/Corpus/fetch`.
enum Corpus {
    /// `VFPOOL_CORPUS`, or `.cache/corpus` below the top folder.
    static let folder: String = {
        if let named = getenv("VFPOOL_CORPUS") { return String(cString: named) }
        let top = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(top)/.cache/corpus"
    }()

    static var isThere: Bool { FileManager.default.fileExists(atPath: folder) }

    /// At least so many there must be, lest a test of nothing passes; a folder that somebody named may hold anything.
    static func atLeast(_ count: Int) -> Int { getenv("VFPOOL_CORPUS") == nil ? count : 0 }

    /// Paths of all documents, sorted.
    static func documents() -> [String] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".xml") }.sorted().map { "\(folder)/\($0)" }
    }

    static func read(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path)))
    }
}

/// libvirt's grammars, installed with its library.
enum LibvirtSchemas {
    static let folder = "/usr/share/libvirt/schemas"
    static var areThere: Bool { access(folder + "/domain.rng", R_OK) == 0 }
}
