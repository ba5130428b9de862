import FoundationEssentials
import TestSupport
import Testing

/// What the pages say is what is printed: `Tests/Docs/run` runs their commands, each page on hosts of its own.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct PagesOnRigTests {
    private static let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    /// README.md, and the pages of docs/ that are not about this checkout.
    private static let pages: [String] = {
        let found = (try? FileManager.default.subpathsOfDirectory(atPath: folder + "/docs")) ?? []
        return ["README.md"]
            + found.filter { $0.hasSuffix(".md") && !["development/rig.md", "development/lab.md"].contains($0) }
            .map { "docs/" + $0 }.sorted()
    }()

    @Test(arguments: pages) func `a page's commands print what it shows`(page: String) throws {
        let result = try RunningCommand(
            ["\(Self.folder)/Tests/Docs/run", "\(Self.folder)/\(page)"],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "VFPOOL_BINARY": Rig.vfpool]
        ).wait(seconds: 600)
        #expect(result.status == 0, "\(result.stdout)\(result.stderr)")
    }

    @Test func `the tutorial's commands can be typed into the shell that it opens`() throws {
        let result = try RunningCommand(
            ["\(Self.folder)/Tests/Docs/walk", "\(Self.folder)/docs/tutorial.md"],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "VFPOOL_BINARY": Rig.vfpool]
        ).wait(seconds: 600)
        #expect(result.status == 0, "\(result.stdout)\(result.stderr)")
    }

    @Test func `there are pages with commands`() {
        #expect(Self.pages.count > 15)
    }
}
