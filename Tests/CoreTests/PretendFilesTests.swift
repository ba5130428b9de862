import Glibc
import TestSupport
import Testing

/// Trees of processes that were killed go; those that are held, or were made a moment ago, stay.
struct PretendFilesTests {
    @Test func `what was abandoned is taken away`() throws {
        let folder = try TemporaryFolder()
        let names = ["vfpool-sys.dead", "vfpool-sys.held", "vfpool-sys.new", "others"]
        for name in names { try PretendFiles.write("x", "\(folder.path)/\(name)/a/b") }
        for name in names where name != "vfpool-sys.new" {
            var times = [timeval(tv_sec: 1_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000, tv_usec: 0)]
            #expect(utimes("\(folder.path)/\(name)", &times) == 0)
        }
        let held = open("\(folder.path)/vfpool-sys.held", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(held) }
        #expect(flock(held, LOCK_SH) == 0)
        #expect(symlink("\(folder.path)/others", "\(folder.path)/vfpool-sys.link") == 0)
        PretendFiles.removeAbandoned(in: folder.path)
        let left = (names + ["vfpool-sys.link"]).filter { access("\(folder.path)/\($0)", F_OK) == 0 }
        #expect(left == ["vfpool-sys.held", "vfpool-sys.new", "others", "vfpool-sys.link"])
    }
}
