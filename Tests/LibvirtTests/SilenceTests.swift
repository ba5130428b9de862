import Glibc
import Libvirt
import Testing
import Text

@Suite struct SilenceTests {
    /// libvirt prints errors to stderr unless it is told not to.
    @Test func libvirtPrintsNothing() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            let connection = try Connection.open("test:///default", readOnly: false)
            guard (try? connection.domain(named: "nobody")) == nil else { exit(2) }
            guard (try? connection.defineNetwork("<network>")) == nil else { exit(3) }
            _ = write(STDERR_FILENO, "heard", 5)
        }
        let printed = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(printed.hasSuffix("heard"))
        #expect(!printed.contains("nobody") && !printed.contains("libvirt:"))
    }
}
