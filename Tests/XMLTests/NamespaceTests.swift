import Testing
import XML

@Suite("Namespaces")
struct NamespaceTests {
    @Test("a copy brings along those declared around it")
    func broughtAlong() throws {
        let source = try Document(parsing: "<a xmlns:q=\"urn:q\">\n  <q:b q:c=\"1\"/>\n</a>")
        let target = try Document(parsing: "<x/>")
        let copy = target.root.append(try #require(source.root.first("b")))
        #expect(copy.namespaceURI == "urn:q")
        #expect(target.serialized() == "<x>\n  <q:b xmlns:q=\"urn:q\" q:c=\"1\"/>\n</x>")
    }

    @Test("a copy uses those declared where it goes")
    func used() throws {
        let source = try Document(parsing: "<a xmlns:q=\"urn:q\"><q:b q:c=\"1\"><q:d/></q:b></a>")
        let target = try Document(parsing: "<x xmlns:q=\"urn:q\"><y/></x>")
        target.root.append(try #require(source.root.first("b")))
        #expect(target.serialized() == "<x xmlns:q=\"urn:q\"><y/><q:b q:c=\"1\"><q:d/></q:b></x>")
        let again = try Document(parsing: target.serialized())
        #expect(try again.select("//z:d", namespaces: ["z": "urn:q"]).count == 1)
    }

    @Test("one prefix may mean two things")
    func clash() throws {
        let source = try Document(parsing: "<a xmlns:q=\"urn:one\"><q:b/></a>")
        let target = try Document(parsing: "<x xmlns:q=\"urn:two\"><q:y/></x>")
        target.root.append(try #require(source.root.first("b")))
        let again = try Document(parsing: target.serialized())
        #expect(again.root.children.map(\.namespaceURI) == ["urn:two", "urn:one"])
    }

    @Test("what is in none stays in none below a default")
    func none() throws {
        let document = try Document(parsing: "<x xmlns=\"urn:x\"><y/></x>")
        document.root.addChild("z").addChild("w")
        document.root.append(try Document(parsing: "<v><u/></v>").root)
        let again = try Document(parsing: document.serialized())
        #expect(again.root.children.map(\.namespaceURI) == ["urn:x", nil, nil])
        #expect(again.root.children.compactMap(\.children.first).map(\.namespaceURI) == [nil, nil])
    }

    @Test("what was taken out keeps its own")
    func takenOut() throws {
        let document = try Document(parsing: "<a xmlns:q=\"urn:q\"><b xmlns:r=\"urn:r\"><q:c r:d=\"1\"/></b></a>")
        let b = try #require(document.root.first("b"))
        let c = try #require(b.first("c"))
        c.remove()
        b.remove()
        #expect(c.namespaceURI == "urn:q")
        #expect(c.attributes.map(\.name) == ["r:d"])
        document.root.append(c)
        let again = try Document(parsing: document.serialized())
        #expect(again.root.first("c")?.namespaceURI == "urn:q")
        #expect(try again.select("//@n:d/..", namespaces: ["n": "urn:r"]).count == 1)
    }
}
