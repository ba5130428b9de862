import Testing
import XML

@Suite("Namespaces")
struct NamespaceTests {
    @Test("a copy brings along those declared around it")
    func broughtAlong() throws {
        let source = try Document(parsing: "<a xmlns:q=\"urn:q\">\n  <q:b q:c=\"1\"/>\n</a>")
        let target = try Document(parsing: "<x/>")
        let copy = target.root.append(try #require(source.root.first("b", in: "urn:q")))
        #expect(copy.namespaceURI == "urn:q")
        #expect(target.serialized() == "<x>\n  <q:b xmlns:q=\"urn:q\" q:c=\"1\"/>\n</x>")
    }

    @Test("a copy uses those declared where it goes")
    func used() throws {
        let source = try Document(parsing: "<a xmlns:q=\"urn:q\"><q:b q:c=\"1\"><q:d/></q:b></a>")
        let target = try Document(parsing: "<x xmlns:q=\"urn:q\"><y/></x>")
        target.root.append(try #require(source.root.first("b", in: "urn:q")))
        #expect(target.serialized() == "<x xmlns:q=\"urn:q\"><y/><q:b q:c=\"1\"><q:d/></q:b></x>")
        let again = try Document(parsing: target.serialized())
        #expect(try again.select("//z:d", namespaces: ["z": "urn:q"]).count == 1)
    }

    @Test("one prefix may mean two things")
    func clash() throws {
        let source = try Document(parsing: "<a xmlns:q=\"urn:one\"><q:b/></a>")
        let target = try Document(parsing: "<x xmlns:q=\"urn:two\"><q:y/></x>")
        target.root.append(try #require(source.root.first("b", in: "urn:one")))
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
        let c = try #require(b.first("c", in: "urn:q"))
        c.remove()
        b.remove()
        #expect(c.namespaceURI == "urn:q")
        #expect(c.attributes.map(\.name) == ["r:d"])
        document.root.append(c)
        let again = try Document(parsing: document.serialized())
        #expect(again.root.first("c", in: "urn:q") != nil)
        #expect(try again.select("//@n:d/..", namespaces: ["n": "urn:r"]).count == 1)
    }

    @Test("an element is found by its name in the namespace around it, or in another")
    func found() throws {
        let text =
            "<a xmlns:q='urn:q' xmlns:r='urn:r'><q:b c='1'/><b c='2'/><r:b c='3'><b/><s:d xmlns:s='urn:r'/></r:b></a>"
        let root = try Document(parsing: text).root
        #expect(root.first("b")?[attribute: "c"] == "2")
        #expect(root.all("b").count == 1)
        #expect(root.all("b", in: "urn:r").compactMap { $0[attribute: "c"] } == ["3"])
        #expect(root.first("b", in: "urn:s") == nil)
        #expect(root.first(path: ["b"])?[attribute: "c"] == "2")
        let other = try #require(root.first("b", in: "urn:r"))
        #expect(other.first("b") == nil, "below an element of a namespace, that is the one")
        #expect(other.first("d") != nil)
        #expect(other.first("b", in: "") == nil)
    }
}
