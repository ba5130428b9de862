import Testing
import XML

@Suite("Paths")
struct XPathTests {
    private let document: Document

    init() throws {
        document = try Document(
            parsing: "<a xmlns:q='urn:q'><b n='1'/><q:c><b n='2'/></q:c><b n='3'>x</b></a>")
    }

    @Test("select in document order")
    func order() throws {
        #expect(try document.select("//b[@n='3'] | /a/b | //b").map { $0[attribute: "n"] } == ["1", "2", "3"])
        #expect(try document.select("/a/none").isEmpty)
    }

    @Test("start where they are asked")
    func relative() throws {
        let c = try #require(document.root.first("c", in: "urn:q"))
        #expect(try c.select("b").map { $0[attribute: "n"] } == ["2"])
        #expect(try c.selectOne("..") == document.root)
    }

    @Test("have the caller's prefixes")
    func prefixes() throws {
        #expect(try document.selectOne("/a/z:c", namespaces: ["z": "urn:q"]).name == "c")
        let error = #expect(throws: XMLError.self) { try document.select("/a/q:c") }
        #expect(error?.kind == .badPath)
    }

    @Test("that must match once say so")
    func once() throws {
        #expect(throws: XMLError.self) { try document.selectOne("/a/d") }
        for (path, kind) in [
            ("/a/d", XMLError.Kind.noSuchNode), ("//b", .severalNodes), ("/a[", .badPath), ("count(//b)", .badPath),
            ("/a/b/@n", .badPath), ("/a/b/text()", .badPath), ("/a/namespace::*", .badPath), ("", .badPath),
        ] {
            let error = #expect(throws: XMLError.self, "\(path)") { try document.selectOne(path) }
            #expect(error?.kind == kind, "\(path)")
            #expect(error?.path == path)
        }
    }
}
