import Glibc
import TestSupport
import Testing

@testable import SRIOV

/// Files are read as far as is wanted, and nothing else than files is.
@Suite struct SystemFileTests {
    @Test func readsNoMoreThanIsWanted() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/large"
        // Two gibibytes that take no room.
        #expect(truncate(try make(path), 2 << 30) == 0)
        #expect(try SystemFile.bytes(path, limit: 100_000)?.count == 100_000)
        #expect(try SystemFile.bytes(path, limit: 0)?.count == 0)
        try PretendFiles.write("abc", folder.path + "/small")
        #expect(try SystemFile.bytes(folder.path + "/small", limit: 100) == Array("abc".utf8))
        #expect(try SystemFile.bytes(folder.path + "/small", limit: 2) == Array("ab".utf8))
    }

    private func make(_ path: String) throws -> String {
        try PretendFiles.write("", path)
        return path
    }

    @Test func waitsForNoPipeAndReadsNoDevice() throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
        for path in [folder.path + "/pipe", "/dev/zero", folder.path, folder.path + "/none", "/dev/null/x"] {
            #expect(try SystemFile.bytes(path) == nil, "\(path)")
        }
        #expect(try SystemFile.names(in: folder.path) == ["pipe"])
        #expect(try SystemFile.names(in: folder.path + "/none") == nil)
        #expect(try SystemFile.status(folder.path + "/none") == nil && SystemFile.linkStatus("/dev/null/x") == nil)
    }

    @Test func whatCanNotBeReadIsAnError() throws {
        let folder = try TemporaryFolder()
        try PretendFiles.link(folder.path + "/loop", to: "loop")
        let error = HostError(folder.path + "/loop", ELOOP)
        #expect(throws: error) { try SystemFile.bytes(folder.path + "/loop") }
        #expect(throws: error) { try SystemFile.names(in: folder.path + "/loop") }
        #expect(throws: error) { try SystemFile.status(folder.path + "/loop") }
        #expect(try SystemFile.linkStatus(folder.path + "/loop") != nil)
        #expect(error.words.hasPrefix(folder.path + "/loop: ") && !error.isAbsence && !error.isDenial)
    }

    /// Of an ended process the kernel has neither names nor a folder's status.
    @Test func aProcessThatEndsMeanwhileHasNothingOpen() throws {
        var pid: pid_t = 0
        let words = [strdup("sleep"), strdup("1000"), nil]
        defer { for word in words { free(word) } }
        #expect(posix_spawnp(&pid, "sleep", nil, nil, words, nil) == 0)
        let path = "/proc/\(pid)/fd"
        let file = try #require(try SystemFile.open(path, path, flags: O_DIRECTORY))
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        #expect(try SystemFile.names(file, path, startingWith: "") == [])
        #expect(try SystemFile.names(in: path) == nil)
    }
}
