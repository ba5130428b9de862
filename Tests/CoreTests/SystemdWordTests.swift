import FoundationEssentials
import Glibc
import SRIOV
import TestSupport
import Testing

@testable import Model

/// A unit runs the vfpool that it was written for, whatever its path.
@Suite struct SystemdWordTests {
    private static let paths = HostileNames.all.map { "/opt/\($0)/vfpool" }

    /// `ExecStart=` of the unit that runs vfpool, without its key.
    private static func command(_ program: String) throws -> String {
        let text = try BootUnit.reconcile.text(program: program)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("ExecStart=") }
        #expect(lines.count == 1)
        return String(lines[0].dropFirst("ExecStart=".count))
    }

    @Test func usualPathsStandAsTheyAre() throws {
        #expect(try Self.command("/usr/local/bin/vfpool").hasPrefix("/usr/local/bin/vfpool -c qemu:///system "))
        #expect(SystemdWord("a b\"c\\d%e$f\u{1}'").description == "\"a b\\\"c\\\\d%%e$$f\\x01'\"")
    }

    /// A copy may outlive the vfpool that wrote it: it is left out then, and has not failed.
    @Test func aUnitWithoutItsProgramIsLeftOut() throws {
        for (path, condition) in [
            ("/usr/local/bin/vfpool", "/usr/local/bin/vfpool"), ("/opt/a b\\%/vfpool", "/bin/sh"),
        ] {
            let text = try BootUnit.reconcile.text(program: path)
            #expect(text.contains("\nConditionFileIsExecutable=\(condition)\n"), "\(path)")
            #expect(BootUnit.reconcile.copy(text) == .current, "\(path)")
        }
    }

    /// systemd gives a command of a oneshot unit all the time in the world, unless the unit says otherwise: and boot waits.
    @Test func noUnitWaitsForEver() throws {
        let services = BootUnit.allCases.filter { $0.rawValue.hasSuffix(".service") }
        let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/templates"
        let shipped = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".service") }
        #expect(Set(services.map(\.rawValue)).isSubset(of: shipped))
        for name in shipped {
            let text = try String(decoding: Data(contentsOf: URL(filePath: "\(folder)/\(name)")), as: UTF8.self)
            let lines = text.split(separator: "\n")
            for key in ["TimeoutStartSec=", "TimeoutStopSec="] {
                let values = lines.filter { $0.hasPrefix(key) }.compactMap { Int($0.dropFirst(key.count)) }
                #expect(values.count == 1 && (10...600).contains(values[0]), "\(name): \(key)")
            }
        }
    }

    /// systemd itself says what it makes of them.
    @Test(.enabled(if: canAsk, "no systemd here, or none that may be run as nobody"))
    func systemdReadsWhatIsMeant() throws {
        let folder = try TemporaryFolder()
        var units = ["a.service": "[Service]\nType=oneshot\n"]
        for path in Self.paths { units["a.service"]? += "ExecStart=\(try Self.command(path))\n" }
        for target in ["basic", "sysinit", "shutdown"] {
            units["\(target).target"] = "[Unit]\nDefaultDependencies=no\n"
        }
        for (name, text) in units { try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name)")) }
        for path in [folder.path, String(folder.path[..<(folder.path.lastIndex(of: "/") ?? folder.path.endIndex)])] {
            chmod(path, 0o755)
        }
        let answer = try RunningCommand(
            Self.asNobody + ["--unit=a.service"],
            environment: ["PATH": "/usr/bin:/bin", "SYSTEMD_UNIT_PATH": folder.path]
        ).wait()
        let lines = answer.stdout.split(separator: "\n").compactMap { $0.split(separator: "Command Line: ").last }
            .filter { $0.hasPrefix("/bin/sh") || $0.hasPrefix("/opt") }
        try #require(lines.count == Self.paths.count, "\(answer)")
        for (line, path) in zip(lines, Self.paths) {
            let words = Self.words(Array(line.utf8)).map { $0.replacing([0x24, 0x24], with: [0x24]) }
            let rest = ["-c", "qemu:///system", "reconcile", "--quiet", "--lock-wait", "60"]
            let wanted = (line.hasPrefix("/opt") ? [path] : ["/bin/sh", "-c", "exec \"$0\" \"$@\"", path]) + rest
            #expect(words == wanted.map { Array($0.utf8) }, "\(line)")
        }
    }

    /// And that runs it.
    @Test(arguments: ["'\u{0301};touch a;'", "a b", "$(touch c)", "`touch d`", "\";touch e;\"", "x%n\\", "a\nb"])
    func theShellRunsIt(_ name: String) throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/\(name)"
        try Data("#!/bin/sh\nprintf '%s|' \"$0\" \"$@\"\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o755)
        let result = try RunningCommand(
            ["/bin/sh", "-c", "exec \"$0\" \"$@\"", path, "-c", "x"], environment: ["PATH": "/usr/bin:/bin"]
        ).wait()
        #expect(Array(result.stdout.utf8) == Array("\(path)|-c|x|".utf8), "\(result)")
    }

    /// The instance is a PCI address, which systemd-escape leaves as it is.
    @Test(.enabled(if: exists("/usr/bin/systemd-escape"), "no systemd here"))
    func instancesNeedNoEscape() throws {
        for text in ["0000:03:00.0", "10000:e1:00.1", "0000:ff:1f.7"] {
            let address = try #require(PCIAddress(text))
            let unit = try RunningCommand(
                ["/usr/bin/systemd-escape", "--template=vfpool-vfs@.service", text], environment: [:]
            ).wait().stdout
            #expect(unit == "vfpool-vfs@\(text).service\n")
            #expect(BootUnit.functions.wantedBy(address)?.hasSuffix("/" + unit.dropLast()) == true)
        }
    }

    // MARK: systemd

    private static let systemd = "/usr/lib/systemd/systemd"
    private static let asNobody = [
        "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", systemd, "--test", "--system",
    ]
    private static var canAsk: Bool { geteuid() == 0 && exists(systemd) && exists("/usr/bin/setpriv") }

    private static func exists(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// A command line as systemd prints it, taken apart: words in double quotes with escapes as in C.
    private static func words(_ line: [UInt8]) -> [[UInt8]] {
        var words: [[UInt8]] = [[]]
        var rest = line[...]
        var isQuoted = false
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: " ") where !isQuoted: words.append([])
            case UInt8(ascii: "\\") where isQuoted: words[words.count - 1].append(escaped(&rest))
            default: words[words.count - 1].append(byte)
            }
        }
        return words
    }

    private static func escaped(_ rest: inout ArraySlice<UInt8>) -> UInt8 {
        let simple: [UInt8: UInt8] = [
            UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10,
            UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13,
        ]
        guard let first = rest.popFirst() else { return UInt8(ascii: "\\") }
        if let byte = simple[first] { return byte }
        guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(first) else { return first }
        let digits = [first] + rest.prefix(2)
        rest = rest.dropFirst(2)
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 8) ?? 0
    }
}
