import FoundationEssentials
import Glibc
import Model
import TestSupport
import Testing
import Text

/// What vfpool has people paste into a shell is what it means, whatever a guest is called.
@Suite struct ShellWordTests {
    static let shells = ["/bin/sh", "/bin/bash", "/bin/dash", "/bin/zsh"].filter { (path: String) in
        access(path, X_OK) == 0
    }

    @Test(arguments: HostileNames.all) func everyShellReadsOneWord(_ name: String) throws {
        let word = ShellWord(name).shellText
        for shell in Self.shells { try check(word, Array(name.utf8), [shell, "-c"]) }
    }

    /// Interactive shells read lines with more in mind, such as the history.
    @Test(arguments: HostileNames.all) func itCanBePasted(_ name: String) throws {
        let folder = try TemporaryFolder()
        let word = ShellWord(name).shellText
        let lines = "cd \(folder.path)\nset -H\necho old\nset -- \(word)\nprintf '<%s:%s>' \"$#\" \"$1\"\nexit\n"
        let result = try RunningCommand(
            ["/bin/bash", "--norc", "--noprofile", "-i"], environment: Self.environment, input: lines
        ).wait()
        #expect(Array(result.stdout.utf8).firstRange(of: "<1:\(name)>".utf8) != nil, "\(word): \(result)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "\(word)")
    }

    @Test func bytesThatAreNoTextStay() throws {
        for bytes: [UInt8] in [[0xFF], [0x61, 0xC3], [0x27, 0xCC], [0xC3, 0x27, 0x3B], [0x0A, 0xFE], [0xFE, 0x0A]] {
            let word = ShellWord(bytes: bytes).shellText
            for shell in Self.shells { try check(word, bytes, [shell, "-c"]) }
        }
        #expect(ShellWord(bytes: Array("vm 1".utf8)) == ShellWord("vm 1"))
    }

    /// A hint is shown without what a terminal acts on, and may be taken apart at its backticks.
    @Test(arguments: HostileNames.all) func itHoldsNothingThatIsReplaced(_ name: String) {
        let word = ShellWord(name).shellText
        #expect(!word.utf8.contains(UInt8(ascii: "`")))
        let odd = word.unicodeScalars.filter {
            [.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
        #expect(
            odd.allSatisfy { $0 == "\n" } && !word.dropLast().dropLast().utf8.contains(0x0A) || name.hasSuffix("\n"))
    }

    @Test(arguments: [
        ("vm1", "vm1"), ("vfpool-eth3", "vfpool-eth3"), ("qemu+ssh://root@h/system", "qemu+ssh://root@h/system"),
        ("vm 1", "'vm 1'"), ("", "''"), ("it's", "'it'\\''s'"), ("'\u{0301}", "''\\''\u{0301}'"), ("=ls", "'=ls'"),
        ("a`b", "'a'\"$(printf '\\140')\"'b'"), ("a\n3", "'a'\"$(printf '\\012\\063')\""), ("a\n", "'a''\n'"),
        ("日本", "'日本'"),
    ])
    func wordsLookLikeThis(name: String, word: String) {
        #expect(Array(ShellWord(name).shellText.utf8) == Array(word.utf8))
    }

    private static let environment = [
        "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "TERM": "dumb",
    ]

    private func check(_ word: String, _ bytes: [UInt8], _ shell: [String]) throws {
        let folder = try TemporaryFolder()
        let hex = "| od -An -v -tx1 | tr -d ' \\n'"
        let script =
            "cd \(folder.path) || exit; v=\(word); printf %s \"$v\" \(hex); set -- \(word); printf ':%s:' \"$#\"; printf %s \"$1\" \(hex)"
        let result = try RunningCommand(shell + [script], environment: Self.environment).wait()
        #expect(result.status == 0 && result.stderr.isEmpty, "\(shell) \(word): \(result)")
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(result.stdout == "\(digits):1:\(digits)", "\(shell) \(word)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "\(shell) \(word)")
    }
}
