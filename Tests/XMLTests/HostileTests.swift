import TestSupport
import Testing
import XML

@Suite("Hostile documents are refused", .timeLimit(.minutes(10)))
struct HostileTests {
    private func kind(_ text: String, maximumBytes: Int = Document.maximumBytes) -> XMLError.Kind? {
        do throws(XMLError) {
            _ = try Document(parsing: text, maximumBytes: maximumBytes)
            return nil
        } catch {
            return error.kind
        }
    }

    /// Refused, and soon: far below what the attack would take.
    private func refusedSoon(_ text: String, as expected: XMLError.Kind, _ source: SourceLocation = #_sourceLocation) {
        var found: XMLError.Kind?
        let time = processorTime { found = kind(text) }
        #expect(found == expected, sourceLocation: source)
        #expect(time < .seconds(5), sourceLocation: source)
    }

    @Test("document types: bombs, external entities, bare ones")
    func documentTypes() {
        let levels = (1...30).map { "<!ENTITY e\($0) \"&e\($0 - 1);&e\($0 - 1);&e\($0 - 1);&e\($0 - 1);\">" }.joined()
        refusedSoon("<!DOCTYPE a [<!ENTITY e0 \"ha\">\(levels)]><a>&e30;</a>", as: .forbidden)
        refusedSoon("<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>", as: .forbidden)
        refusedSoon("<!DOCTYPE a [<!ENTITY % e SYSTEM \"http://127.0.0.1:1/e\"> %e;]><a/>", as: .forbidden)
        refusedSoon("<!DOCTYPE a SYSTEM \"/etc/passwd\"><a/>", as: .forbidden)
        refusedSoon("<?xml version=\"1.0\"?>\n<!DOCTYPE a><a/>", as: .forbidden)
    }

    @Test("the line of a document type is told")
    func documentTypeLine() {
        let error = #expect(throws: XMLError.self) { try Document(parsing: "<!-- a -->\n\n<!DOCTYPE a><a/>") }
        #expect(error?.line == 3)
    }

    @Test("depth: 256 levels are read, one more is not, nor are 100,000")
    func depth() {
        func nested(_ count: Int) -> String {
            String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)
        }
        #expect(kind(nested(256)) == nil)
        refusedSoon(nested(257), as: .tooLarge)
        refusedSoon(nested(100_000), as: .tooLarge)
        refusedSoon(String(repeating: "<a>", count: 1_000_000), as: .tooLarge)
    }

    @Test("size")
    func size() {
        #expect(kind("<a>12345</a>", maximumBytes: 12) == nil)
        #expect(kind("<a>123456</a>", maximumBytes: 12) == .tooLarge)
        refusedSoon("<a>" + String(repeating: "x", count: Document.maximumBytes) + "</a>", as: .tooLarge)
        #expect(throws: XMLError.self) { try Document(parsing: [UInt8](repeating: 0xFF, count: 13), maximumBytes: 12) }
    }

    @Test("elements, comments and attributes without end")
    func nodes() {
        refusedSoon("<a>" + String(repeating: "<b/>", count: 300_000) + "</a>", as: .tooLarge)
        refusedSoon("<a>" + String(repeating: "<?b?>", count: 300_000) + "</a>", as: .tooLarge)
        refusedSoon("<a>" + String(repeating: "<b c=''/>", count: 200_000) + "</a>", as: .tooLarge)
        #expect(kind("<a>" + String(repeating: "<b c='='>=</b>", count: 100_000) + "</a>") == nil)
    }

    @Test("attributes and namespaces that are all compared with each other")
    func quadratic() {
        func attributes(_ count: Int, _ name: String) -> String { (0..<count).map { " \(name)\($0)=''" }.joined() }
        #expect(kind("<a\(attributes(1_000, "b"))/>") == nil)
        refusedSoon("<a\(attributes(1_001, "b"))/>", as: .tooLarge)
        refusedSoon("<a\(attributes(700_000, "b"))/>", as: .tooLarge)
        // Quotes, ends and comments that try to hide a tag from the count.
        refusedSoon("<a><!-- <\" --><b c='>' d=\">\"\(attributes(1_000, "b"))/></a>", as: .tooLarge)
        let declarations = (0..<900).map { " xmlns:n\($0)='urn:\($0)'" }.joined()
        refusedSoon(String(repeating: "<a\(declarations)>", count: 200), as: .tooLarge)
    }

    @Test("equals signs in words and comments are not attributes")
    func equalsSigns() {
        let signs = String(repeating: "=", count: 5_000)
        #expect(kind("<a b='\(signs)'>\(signs)<!-- \(signs) --><![CDATA[\(signs)]]></a>") == nil)
    }

    /// libxml2 writes a namespace as it is: with such a character it would be another one when it is read again, or no XML.
    @Test("namespaces that can't be written", arguments: ["&amp;", "&lt;", "&#10;", "&#9;", "&#13;"])
    func unwritableNamespaces(_ text: String) throws {
        for name in ["xmlns", "xmlns:p"] {
            let error = #expect(throws: XMLError.self) { try Document(parsing: "<a>\n<b \(name)='u\(text)'/></a>") }
            #expect(error?.kind == .forbidden && error?.line == 2)
        }
        let other = "<a xmlns=\"u'&gt;é\"/>"
        let written = try Document(parsing: other).serialized()
        #expect(try Document(parsing: written).root.namespaceURI == "u'>é")
    }

    @Test("a NUL anywhere, also after the end")
    func nul() {
        for text in ["\0<a/>", "<a>\0</a>", "<a b='\0'/>", "<a/>\0", "<a/>\0<b>"] {
            #expect(kind(text) == .notWellFormed)
        }
    }

    @Test("bytes that are not UTF-8, and other encodings")
    func encodings() {
        for bytes: [UInt8] in [
            [0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E], [0x3C, 0x61, 0x3E, 0xC0, 0x80, 0x3C, 0x2F, 0x61, 0x3E],
            [0xFF, 0xFE, 0x3C, 0, 0x61, 0, 0x2F, 0, 0x3E, 0], [0x3C, 0, 0x61, 0, 0x2F, 0, 0x3E, 0], [0xED, 0xA0, 0x80],
        ] {
            let error = #expect(throws: XMLError.self) { try Document(parsing: bytes) }
            #expect(error?.kind == .notWellFormed)
        }
    }

    @Test("every cut and every flipped byte of a document is read or refused")
    func mutations() throws {
        let text = Array(
            "<?xml version='1.0'?><!-- c --><a b='&lt;'><q:c xmlns:q='u'>x&#38;</q:c><![CDATA[y]]><?p i?></a>".utf8)
        for index in text.indices {
            _ = try? Document(parsing: Array(text[..<index]))
            for byte: UInt8 in [0, 0x21, 0x26, 0x3C, 0x3E, 0x5D, 0x80, 0xFF] {
                var changed = text
                changed[index] = byte
                guard let document = try? Document(parsing: changed) else { continue }
                #expect(try Document(parsing: document.serialized()).canonical() == document.canonical())
            }
        }
    }

    @Test("an error in every few bytes")
    func manyErrors() {
        for (text, count) in [("&b;", 2_000_000), ("&", 8_000_000), ("< ", 200_000), ("</b>", 2_000_000)] {
            refusedSoon("<a>" + String(repeating: text, count: count), as: .notWellFormed)
        }
        refusedSoon("<a><!--" + String(repeating: "--x", count: 2_000_000), as: .notWellFormed)
        // Not an error that ends the parse; there may be as many as elements.
        #expect(kind("<a>" + String(repeating: "<q:b q:c=''/>", count: 20_000) + "</a>") == nil)
    }
}
