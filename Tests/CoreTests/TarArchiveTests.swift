import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Reporting

/// Debian's tar and gzip read what is packed here, and find what was put in.
@Suite struct TarArchiveTests {
    private func unpacked(_ bytes: [UInt8], _ words: String...) throws -> CommandResult {
        let folder = try TemporaryFolder()
        let path = folder.path + "/x"
        try Data(bytes).write(to: URL(filePath: path))
        return try RunningCommand(words + [path], environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"])
            .wait()
    }

    @Test func tarReadsIt() throws {
        var archive = TarArchive(time: 1_700_000_000)
        let long = String(repeating: "n", count: 95) + "/file"
        for (name, count) in [("a/empty", 0), ("a/block", 512), ("a/more", 513), (long, 3)] {
            archive.add(name, [UInt8](repeating: UInt8(ascii: "x"), count: count))
        }
        let bytes = archive.finished
        #expect(bytes.count % 10_240 == 0)
        let list = try unpacked(bytes, "/bin/tar", "--numeric-owner", "-tvf")
        #expect(list.status == 0 && list.stderr.isEmpty, "\(list)")
        #expect(
            list.stdout.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") } == [
                "-rw------- 0/0 0 2023-11-14 22:13 a/empty", "-rw------- 0/0 512 2023-11-14 22:13 a/block",
                "-rw------- 0/0 513 2023-11-14 22:13 a/more", "-rw------- 0/0 3 2023-11-14 22:13 \(long)",
            ])
        let content = try unpacked(bytes, "/bin/tar", "-xOf")
        #expect(content.status == 0 && content.stdout == String(repeating: "x", count: 1028), "\(content)")
    }

    static let contents: [[UInt8]] = {
        var random = SeededGenerator(seed: 7)
        let words = ["<interface type='network'>", "52:54:00:", "\n", "vfpool", "é", "0000:03:10.2"]
        let text = (0..<20_000).flatMap { _ in Array(words[Int.random(in: 0..<6, using: &random)].utf8) }
        return [
            [], [0], Array("a".utf8), Array("aaa".utf8), [UInt8](repeating: 7, count: 70_000), text,
            (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &random) },
            // What stood further back than deflate reaches, and just not.
            (0..<3).flatMap { _ in (0..<32_768).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) } },
            (0..<3).flatMap { _ in (0..<32_769).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) } },
        ]
    }()

    @Test(arguments: contents.indices) func gzipReadsIt(index: Int) throws {
        let content = Self.contents[index]
        let packed = Gzip.packed(content)
        let folder = try TemporaryFolder()
        try Data(packed).write(to: URL(filePath: folder.path + "/x.gz"))
        try Data(content).write(to: URL(filePath: folder.path + "/x"))
        let same = try RunningCommand(
            ["/bin/sh", "-c", "cd \"$0\" && gzip -t x.gz && gzip -dc x.gz | cmp - x", folder.path],
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        ).wait()
        #expect(same.status == 0, "\(same)")
        #expect(packed.count <= content.count * 9 / 8 + 32)
        if index == 5 { #expect(packed.count < content.count / 4, "\(packed.count) of \(content.count)") }
    }
}
