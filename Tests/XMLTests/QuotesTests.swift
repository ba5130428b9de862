import TestSupport
import Testing
import XML

/// Texts that differ in quotes alone.
@Suite struct QuotesTests {
    @Test(arguments: [
        ("<a b='1' c=\"2\">it's</a>", "<a b=\"1\" c='2'>it's</a>", true),
        ("<a b='1'/>", "<a b=\"2\"/>", false),
        ("<a b='1'/>", "<a b=\"1\" />", false),
        ("<a>it's</a>", "<a>it\"s</a>", false),
        ("<a>b='1'</a>", "<a>b=\"1\"</a>", false),
        ("<a b='&quot;'/>", "<a b='&quot;'/>", true),
        ("<a b='\"'/>", "<a b=\"'\"/>", false),
        ("<a b='c>d='/>", "<a b=\"c>d=\"/>", true),
        ("<a><!-- b='1' --></a>", "<a><!-- b=\"1\" --></a>", false),
        ("<a><![CDATA[b='1']]></a>", "<a><![CDATA[b=\"1\"]]></a>", false),
    ]) func examples(_ first: String, _ second: String, _ areSame: Bool) {
        #expect(Document.areSameText(first, second) == areSame)
        #expect(Document.areSameText(second, first) == areSame)
    }

    /// Whatever is changed in a document, texts that are called the same are the same document.
    @Test(arguments: 0..<200) func isNeverWrong(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let text = """
            <domain type='kvm'>\n  <name>it's "a" guest</name>\n  <x y='"' z="'"/>
              <mac address='52:54:00:00:00:01'/><t>a='b'</t>\n</domain>
            """
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] = Array("'\"<>= a".utf8).randomElement(using: &random) ?? 0
        }
        let other = String(decoding: bytes, as: UTF8.self)
        guard Document.areSameText(text, other) else { return }
        #expect(try Document.canonical(of: other) == Document.canonical(of: text))
    }
}
