import Glibc
import TestSupport
import Testing

/// What `make test-systems` runs other systems by; here the machine's own folders are the system.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct OtherSystemTests {
    private static let enter =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Systems/enter"
    private static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"]

    /// Processes of this machine that have a mark among their words, as a shell sees them.
    private func processes(with mark: String) throws -> [Substring] {
        let script = """
            for file in /proc/[0-9]*/cmdline; do
                words=$(tr '\\0' ' ' < $file) 2> /dev/null
                case $words in *"$MARK"*) echo $file ;; esac
            done
            """
        let environment = Self.environment.merging(["MARK": mark]) { $1 }
        return try RunningCommand(["/bin/sh", "-c", script], environment: environment).wait().stdout.split(
            separator: "\n")
    }

    @Test func `killed, it leaves no process, no mount and no file`() throws {
        let mark = "1000.\(getpid())"
        let file = "/var/tmp/vfpool-\(mark)"
        let words = [Self.enter, "/", "--", "sh", "-c", "touch \(file); echo inside; sleep \(mark)& sleep \(mark)"]
        let command = try RunningCommand(words, environment: Self.environment)
        try #require(eventually { command.stdout.contains("inside") || command.hasEnded })
        guard !command.hasEnded else {
            // The machine's folders are an overlay of overlays themselves, as in some containers.
            let result = try command.wait()
            try #require(result.stderr.contains("overlay"), "\(result)")
            return
        }
        #expect(try !processes(with: mark).isEmpty)
        command.signal(SIGKILL)
        _ = try command.wait()
        #expect(try eventually { try processes(with: mark).isEmpty })
        #expect(access(file, F_OK) != 0)
        let mounts = try RunningCommand(["/bin/cat", "/proc/self/mountinfo"], environment: Self.environment).wait()
            .stdout
        #expect(!mounts.contains("/.cache/systems/"))
    }
}
