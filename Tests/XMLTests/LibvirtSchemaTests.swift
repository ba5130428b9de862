import FoundationEssentials
import Testing
import XML

@Suite("libvirt's grammars", .enabled(if: LibvirtSchemas.areThere, "not installed in /usr/share/libvirt/schemas"))
struct LibvirtSchemaTests {
    /// The top folder's `templates`.
    private static let templates =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/templates/"

    private func text(_ name: String) throws -> String {
        String(decoding: try Corpus.read(LibvirtSchemaTests.templates + name), as: UTF8.self)
    }

    @Test(
        "accept the templates as they stand",
        arguments: [("network.xml", "network.rng"), ("networkport.xml", "networkport.rng")])
    func templates(template: String, schema: String) throws {
        let schema = try Schema(file: "\(LibvirtSchemas.folder)/\(schema)")
        #expect(schema.problems(in: try Document(parsing: text(template))) == [])
    }

    @Test("name what is wrong in an interface")
    func fragment() throws {
        let wrapper = """
            <grammar xmlns="http://relaxng.org/ns/structure/1.0">
              <start><ref name="interface"/></start>
              <include href="domaincommon.rng"/>
            </grammar>
            """
        let schema = try Schema(text: wrapper, includePath: LibvirtSchemas.folder)
        let document = try Document(parsing: text("interface.xml"))
        #expect(schema.problems(in: document) == [])
        document.root[attribute: "managed"] = "yes"
        let problems = schema.problems(in: document)
        #expect(problems.contains { $0.message.contains("managed") }, "\(problems)")
    }
}
