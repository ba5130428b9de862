import Testing
import XML

@Suite("Templates")
struct TemplateTests {
    private static let text = """
        <!-- The pool. -->
        <network>
          <name>NAME</name>
          <metadata>
            <v:pool xmlns:v="urn:v" dev="PF"/>
          </metadata>
          <vlan>
            <tag id="1"/>
          </vlan>
        </network>

        """
    private let template: Template

    init() throws { template = try Template(TemplateTests.text, name: "network.xml") }

    private func error(_ path: String, _ value: String?) -> XMLError? {
        do throws(XMLError) {
            _ = try template.fill([Hole(path: "/network/name", value: "x"), Hole(path: path, value: value)])
            return nil
        } catch {
            return error
        }
    }

    @Test("are filled and pruned, the rest kept")
    func filled() throws {
        let document = try template.fill(
            [
                Hole(path: "/network/name", value: "a<b>&\"c\""), Hole(path: "//n:pool/@dev", value: "\"><evil/>"),
                Hole(path: "/network/vlan", value: nil),
            ], namespaces: ["n": "urn:v"])
        #expect(
            document.serialized() == """
                <!-- The pool. -->
                <network>
                  <name>a&lt;b&gt;&amp;"c"</name>
                  <metadata>
                    <v:pool xmlns:v="urn:v" dev="&quot;&gt;&lt;evil/&gt;"/>
                  </metadata>
                </network>

                """)
    }

    @Test("are not changed by filling")
    func unchanged() throws {
        _ = try template.fill([Hole(path: "/network/vlan", value: nil)])
        #expect(try template.fill([]).serialized() == TemplateTests.text)
    }

    @Test("attributes can go, and holes below what goes do no harm")
    func removal() throws {
        let document = try template.fill([
            Hole(path: "/network/vlan", value: nil), Hole(path: "/network/vlan/tag", value: nil),
            Hole(path: "/network/vlan/tag/@id", value: "7"), Hole(path: "/network/name", value: ""),
        ])
        #expect(document.root.children.map(\.name) == ["name", "metadata"])
        #expect(document.root.first("name")?.text == "")
        #expect(try template.fill([Hole(path: "//tag/@id", value: nil)]).selectOne("//tag").attributes.isEmpty)
    }

    @Test("refuse a hole that is not there, or not one")
    func refused() {
        #expect(error("/network/name", "y") == nil)
        for (path, value, kind) in [
            ("/network/nmae", "x" as String?, XMLError.Kind.noSuchNode), ("/network/none/@a", nil, .noSuchNode),
            ("//*", "x", .severalNodes), ("/network/vlan", "x", .badPath), ("/network/name/text()", "x", .badPath),
            ("/network", nil, .badPath), ("/network[", "x", .badPath), ("/network/name", "a\0b", .invalid),
            ("//tag/@id", "\u{1}", .invalid),
        ] {
            let error = error(path, value)
            #expect(error?.kind == kind, "\(path)")
            #expect(error?.path == path)
            #expect(error?.message.contains("network.xml") == true)
            #expect(error?.message.contains(path) == true)
        }
    }

    @Test("that are not XML are refused by name")
    func broken() {
        let error = #expect(throws: XMLError.self) { try Template("<a>", name: "broken.xml") }
        #expect(error?.kind == .notWellFormed)
        #expect(error?.path == "broken.xml")
    }
}
