import Testing
import XML

@Suite("Documents")
struct DocumentTests {
    @Test(
        "come out as they went in",
        arguments: [
            "<a/>",
            "<a/>\n",
            "<?xml version=\"1.0\"?>\n<a/>\n",
            "<?xml version='1.0' encoding='utf-8' standalone='yes'?><a/>",
            "<!-- before -->\n<a/>\n<!-- after -->\n",
            "<?one two?>\n<a>\n  <?three four?>\n</a>\n",
            "<a z=\"1\" b=\"2\"/>",
            "<a>one <b>two</b> three</a>\n",
            "<a><![CDATA[ <b> & ]]></a>\n",
            "<a b=\"&lt;&amp;&quot;'&#10;&#9;\">&lt;&amp;&gt;\"'&#13;</a>\n",
            "<a xmlns:q=\"urn:q\">\n\t<q:b q:c=\"1\" c=\"2\"/>\n\n\n  <d xmlns=\"urn:d\"><e/></d>\n</a>\n",
            "<a>\n  <b/>  <!-- same line -->\n</a>\n",
            "<a xml:space=\"preserve\">  <b/>  </a>\n",
            "<név>árvíztűrő 🙂</név>\n",
        ])
    func comeOutAsTheyWentIn(text: String) throws {
        #expect(try Document(parsing: text).serialized() == text)
    }

    @Test("are read as UTF-8, whatever they declare, and declare what they are")
    func encoding() throws {
        let document = try Document(parsing: "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<a>é</a>\n")
        #expect(document.root.text == "é")
        #expect(document.serialized() == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>é</a>\n")
        #expect(
            try Document(parsing: "\u{FEFF}<?xml version=\"1.0\"?><a/>").serialized() == "<?xml version=\"1.0\"?><a/>")
    }

    @Test("copy without anything in common")
    func copying() throws {
        let document = try Document(parsing: "<?xml version=\"1.0\"?>\n<a><b c=\"1\"/></a>\n")
        let copy = document.copy()
        copy.root.first("b")?[attribute: "c"] = "2"
        #expect(document.serialized() == "<?xml version=\"1.0\"?>\n<a><b c=\"1\"/></a>\n")
        #expect(copy.serialized() == "<?xml version=\"1.0\"?>\n<a><b c=\"2\"/></a>\n")
        #expect(copy.root != document.root)
    }

    @Test("live as long as one of their elements")
    func lifetime() throws {
        func element() throws -> Element {
            try #require(try Document(parsing: "<a><b c=\"1\"><d/></b></a>").root.first("b"))
        }
        let element = try element()
        #expect(element[attribute: "c"] == "1")
        #expect(element.parent?.name == "a")
    }

    @Test("broken ones are refused with the line")
    func broken() throws {
        let error = try #require(throws: XMLError.self) { try Document(parsing: "<a>\n  <b>\n  </c>\n</a>\n") }
        #expect(error.kind == .notWellFormed)
        #expect(error.line == 3)
        #expect(!error.problems.isEmpty)
        for text in [
            "", " ", "text", "<a>", "<a/><b/>", "<a b='1' b='2'/>", "<a>&nbsp;</a>", "<a b=1/>", "<a>\u{1}</a>",
        ] {
            let error = #expect(throws: XMLError.self, "\(text)") { try Document(parsing: text) }
            #expect(error?.kind == .notWellFormed, "\(text)")
        }
    }

    @Test("a prefix nobody declared is part of the name, as for libvirt")
    func undeclaredPrefix() throws {
        let document = try Document(parsing: "<a>\n  <q:b/>\n</a>\n")
        #expect(document.root.children.map(\.name) == ["q:b"])
        #expect(document.serialized() == "<a>\n  <q:b/>\n</a>\n")
    }
}
