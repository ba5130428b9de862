import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Model
@testable import Reading

/// Who can change what is to run as root: each file and folder on its path, and behind links.
@Suite struct RootOnlyTests {
    private let tree: FileTree
    private var root: RootOnly { RootOnly(root: tree.root, owner: geteuid()) }

    init() throws {
        tree = try FileTree(["usr/local/bin/vfpool": "", "opt/vfpool": ""])
        for path in [".", "usr", "usr/local", "usr/local/bin", "usr/local/bin/vfpool", "opt", "opt/vfpool"] {
            try tree.chmod(path, 0o755)
            // As root, files are root's group's; what another user made, that user's.
            chown("\(tree.root)/\(path)", geteuid(), 0)
        }
    }

    private func found(_ path: String = "/usr/local/bin/vfpool") throws -> [Weakness] {
        try root.weaknesses(of: [path])
    }

    private func weakness(_ path: String, _ reason: Weakness.Reason) -> [Weakness] {
        [Weakness(path: path, reason: reason)]
    }

    @Test(arguments: ["/", "/usr", "/usr/local", "/usr/local/bin", "/usr/local/bin/vfpool"])
    func everybodyCanWrite(_ path: String) throws {
        #expect(try found().isEmpty)
        for mode: UInt32 in [0o777, 0o1777, 0o757, 0o702] {
            try tree.chmod("." + path, Int(mode))
            #expect(try found() == weakness(path, .everybody(mode: mode)))
        }
        try tree.chmod("." + path, 0o755)
        #expect(try found().isEmpty)
    }

    @Test(.enabled(if: geteuid() == 0, "not root")) func aGroupOrAnotherUserCanWrite() throws {
        let bin = tree.root + "/usr/local/bin"
        try tree.chmod("usr/local/bin", 0o775)
        #expect(try found().isEmpty, "root's own group")
        chown(bin, 0, 50)
        #expect(try found() == weakness("/usr/local/bin", .group(50, mode: 0o775)))
        try tree.chmod("usr/local/bin", 0o755)
        #expect(try found().isEmpty)
        chown(bin, 1000, 0)
        chown(bin + "/vfpool", 1000, 0)
        #expect(
            try found() == weakness("/usr/local/bin", .owner(1000)) + weakness("/usr/local/bin/vfpool", .owner(1000)))
    }

    @Test(.enabled(if: access("/usr/bin/python3", X_OK) == 0, "no python3")) func anAccessList() throws {
        let bin = tree.root + "/usr/local/bin"
        // user::rwx user:1000:rwx group::r-x mask::rwx other::r-x
        let set = """
            import os, struct, sys
            entries = [(1, 7, -1), (2, 7, 1000), (4, 5, -1), (16, 7, -1), (32, 5, -1)]
            value = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
            os.setxattr(sys.argv[1], "system.posix_acl_access", value)
            """
        let result = try RunningCommand(["/usr/bin/python3", "-c", set, bin], environment: [:]).wait()
        guard result.status == 0 else { return #expect(result.stderr.contains("not supported"), "\(result)") }
        #expect(try found() == weakness("/usr/local/bin", .accessList))
    }

    @Test func linksLeadOn() throws {
        try tree.link("usr/bin", to: "local/bin")
        try tree.link("usr/local/bin/absolute", to: "/opt/vfpool")
        try tree.link("usr/local/bin/up", to: "../.././../opt/./vfpool")
        try tree.link("usr/local/bin/loop", to: "loop")
        try tree.chmod("opt", 0o777)
        for name in ["absolute", "up"] {
            #expect(try found("/usr/bin/\(name)") == weakness("/opt", .everybody(mode: 0o777)))
        }
        #expect(try found("/usr/bin/vfpool").isEmpty)
        let failure = #expect(throws: Failure.self) { try found("/usr/bin/loop") }
        #expect(failure?.code == .unreadable)
    }

    @Test func whatIsNotThere() throws {
        #expect(try found("/usr/local/nothing/vfpool").isEmpty)
        try tree.chmod("usr/local", 0o777)
        #expect(try found("/usr/local/nothing/vfpool") == weakness("/usr/local", .everybody(mode: 0o777)))
        #expect(try root.weaknesses(of: ["/usr/local/a", "/usr/local/b"]).count == 1, "each once")
    }

    // MARK: The vfpool that runs

    @Test func theProgramThatRuns() throws {
        #expect(try OwnProgram.path() == FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let program = tree.root + "/opt/vfpool"
        try tree.link("exe", to: program + " (deleted)")
        #expect(try OwnProgram.path(of: tree.root + "/exe") == program)
        // Not one that can be run; not there.
        try tree.chmod("opt/vfpool", 0o644)
        for _ in 0..<2 {
            let failure = #expect(throws: Failure.self) { try OwnProgram.path(of: tree.root + "/exe") }
            #expect(failure?.code == .programGone && failure?.hints.isEmpty == false)
            unlink(program)
        }
        // One that is really called so.
        try Data("#!".utf8).write(to: URL(filePath: program + " (deleted)"))
        #expect(try OwnProgram.path(of: tree.root + "/exe") == program + " (deleted)")
    }
}
