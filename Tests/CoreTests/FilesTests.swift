import Glibc
import Journal
import Model
import TestSupport
import Testing
import Text

/// What stands where a small file is expected keeps nobody waiting, and fills no memory.
@Suite struct FilesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func make(_ bytes: [UInt8] = [], size: Int = 0) -> String {
        let path = folder.path + "/file"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        #expect(write(file, bytes, bytes.count) == bytes.count)
        if size > 0 { #expect(ftruncate(file, size) == 0) }
        close(file)
        return path
    }

    private func refused(_ path: String, limit: Int = Files.documentLimit, _ cause: String) {
        let failure = #expect(throws: Failure.self, "\(path)") { try Files.read(path, limit: limit) }
        #expect(failure?.message.contains(path) == true && failure?.cause?.contains(cause) == true, "\(path)")
    }

    @Test func readsBytes() throws {
        #expect(try Files.bytes(make([0x61, 0xFF, 0, 0x62])) == [0x61, 0xFF, 0, 0x62])
        #expect(try Files.read(make([0x61, 0xFF])) == "a\u{FFFD}")
        #expect(try Files.read(make()) == "")
        // The kernel's files have no size.
        #expect(try Files.read("/proc/self/status").contains("Name:"))
    }

    @Test func refusesWhatIsNoFile() throws {
        let fifo = folder.path + "/fifo"
        #expect(mkfifo(fifo, 0o600) == 0)
        for path in [fifo, "/dev/zero", "/dev/null", folder.path] { refused(path, "no plain file") }
        refused(folder.path + "/none", "No such file")
    }

    @Test func refusesWhatIsTooLarge() throws {
        #expect(try Files.bytes(make([1, 2, 3]), limit: 3).count == 3)
        refused(make([1, 2, 3, 4]), limit: 3, "more than 3 bytes")
        // A terabyte that takes no room.
        refused(make(size: 1 << 40), "more than 64 MiB")
        // Size 0, and yet more than that.
        refused("/proc/self/status", limit: 10, "more than 10 bytes")
    }
}
