import FoundationEssentials
import Glibc
import Libvirt
import Testing
import Text

@Suite struct SilenceTests {
    /// libvirt prints errors to stderr unless it is told not to.
    @Test func libvirtPrintsNothing() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "LibvirtTests-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let copy = open(file.path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        let stderr = dup(STDERR_FILENO)
        dup2(copy, STDERR_FILENO)
        defer { close(copy) }
        do {
            defer {
                dup2(stderr, STDERR_FILENO)
                close(stderr)
            }
            let connection = try Connection.open("test:///default", readOnly: false)
            #expect(throws: LibvirtError.self) { try connection.domain(named: "nobody") }
            #expect(throws: LibvirtError.self) { try connection.defineNetwork("<network>") }
        }
        let printed = try String(contentsOf: file, encoding: .utf8)
        #expect(!printed.contains("nobody") && !printed.contains("libvirt:"))
    }
}
