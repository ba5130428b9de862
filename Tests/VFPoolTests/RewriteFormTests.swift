import TestSupport
import Testing

/// How `rewrite` prints a document.
@Suite struct RewriteFormTests {
    private static let guest =
        "<domain><name>vm</name><devices><interface type='hostdev' managed='yes'><mac address='52:54:00:00:00:01'/><source><address type='pci' domain='0' bus='3' slot='0x10' function='0'/></source></interface></devices></domain>"

    @Test func `as JSON, as its schema has it`() throws {
        let host = try CLIHost()
        let json = ["rewrite", "--pool", "tenants", "--format", "json"]
        let made = try JSON(parsing: host.run(json, input: Self.guest).stdout)
        #expect(
            made["changed"] == .bool(true) && made["document"]?.text?.contains("<source network=\"tenants\"/>") ?? false
        )
        let document = try #require(made["document"]?.text)
        let again = try JSON(parsing: host.run(json, input: document).stdout)
        #expect(again["changed"] == .bool(false) && again["document"] == made["document"])
        // The same as without.
        let plain = try host.run(["rewrite", "--pool", "tenants", "--quiet"], input: Self.guest).stdout
        #expect(plain == document || plain == document + "\n")
    }
}
