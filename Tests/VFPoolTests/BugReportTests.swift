import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import vfpool

/// What `bugreport` writes, where, and only when it may.
@Suite struct BugReportTests {
    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test func itIsShownFirstAndWrittenWithConsent() throws {
        let host = try CLIHost()
        let path = host.folder + "/fault.tar.gz"
        let refused = try host.run(["bugreport", "-o", path])
        #expect(refused.status == 4 && refused.stderr.contains("error[not-confirmed]"), "\(refused)")
        #expect(refused.stdout.contains("doctor.txt") && mode(path) == 0, "\(refused)")
        let done = try host.run(["bugreport", "--yes", "--output", path])
        #expect(done.status == 0 && done.stdout.hasSuffix("Wrote \(path)\n"), "\(done)")
        #expect(mode(path) == 0o600)
        let list = try host.shell("tar tzf \(path) | sed 's,[^/]*/,,' | sort")
        for name in [
            "README.txt", "doctor.txt", "documents/pool-1.inactive.xml", "log.txt", "status.json", "versions.txt",
        ] {
            #expect(list.stdout.contains("\(name)\n") || name == "log.txt", "\(list)")
        }
    }

    @Test(arguments: ["a file", "a link", "a link to nothing", "a folder"]) func nothingIsOverwritten(kind: String)
        throws
    {
        let host = try CLIHost()
        let path = host.folder + "/there"
        switch kind {
        case "a file": try Data("mine".utf8).write(to: URL(filePath: path))
        case "a folder": mkdir(path, 0o700)
        default:
            if kind == "a link" { try Data("mine".utf8).write(to: URL(filePath: path + "2")) }
            symlink(path + "2", path)
        }
        let result = try host.run(["bugreport", "-y", "-o", path])
        #expect(result.status == 1 && result.stderr.contains("error[file]: could not write \(path)"), "\(result)")
        if kind == "a link to nothing" {
            #expect(access(path + "2", F_OK) != 0)
        } else if kind != "a folder" {
            #expect(try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self) == "mine")
        }
    }

    @Test func itCanNotBeWritten() throws {
        let host = try CLIHost()
        let result = try host.run(["bugreport", "-y", "-o", host.folder + "/no/such/folder"])
        #expect(result.status == 1 && result.stderr.contains("No such file or directory"), "\(result)")
        #expect(try host.run(["bugreport", "-o", ""]).status == 64)
    }

    /// Without libvirt there is less in it, and it says what is missing.
    @Test func withoutLibvirt() throws {
        let host = try CLIHost()
        let path = host.folder + "/fault.tar.gz"
        let result = try host.run(
            ["bugreport", "-y", "-o", path, "-c", "qemu+unix:///system?socket=\(host.folder)/nothing"])
        #expect(result.status == 0, "\(result)")
        #expect(result.stderr.contains("warning: not in it: all that libvirt tells"), "\(result)")
        let readme = try host.shell("tar xzOf \(path) --wildcards '*/README.txt' '*/versions.txt'").stdout
        #expect(
            readme.contains("Missing: all that libvirt tells") && readme.contains("vfpool: \(VFPool.version)"),
            "\(readme)")
    }

    @Test func asJSON() throws {
        let host = try CLIHost()
        let path = host.folder + "/fault.tar.gz"
        let result = try host.run(["bugreport", "-y", "-o", path, "--format", "json"])
        let object = try JSON(parsing: result.stdout)
        #expect(result.status == 0 && object.keys == ["version", "file", "files", "missing"], "\(result)")
        #expect(object["file"] == .string(path))
        #expect(try host.run(["bugreport", "-yq", "-o", path + "2"]).stdout == path + "2\n")
    }
}
