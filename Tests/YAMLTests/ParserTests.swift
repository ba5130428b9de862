import Testing
import Text

@testable import YAML

@Suite struct ParserTests {
    private static func parse(_ text: String) throws -> Node? { try Parser.parse(Array(text.utf8)) }

    /// A node as nested text.
    private static func words(_ node: Node?) -> String {
        guard let node else { return "nothing" }
        return switch node.content {
        case .scalar(let text, let isPlain): isPlain ? text : "\"\(text)\""
        case .list(let items): "[" + items.map { words($0) }.joined(separator: ",") + "]"
        case .map(let entries): "{" + entries.map { "\($0.key):\(words($0.value))" }.joined(separator: ",") + "}"
        }
    }

    @Test(arguments: [
        ("", "nothing"), ("# only a comment\n", "nothing"), ("a: 1", "{a:1}"),
        ("a: [x, 'y']\nb:\n", "{a:[x,\"y\"],b:}"),
        ("mac: 52:54:00:00:00:01\nn: 010\nf: on", "{mac:52:54:00:00:00:01,n:010,f:on}"),
        (#"{"a": {"b": [1, null, "c\u00e9"]}}"#, "{a:{b:[1,null,\"cé\"]}}"), ("--- {a: 1}\n...\n", "{a:1}"),
        ("\u{FEFF}a: 1\r\nb: 2\r\n", "{a:1,b:2}"), ("%YAML 1.2\n---\na: |\n  x\n  y\n", "{a:\"x\ny\n\"}"),
    ])
    func reads(_ text: String, _ wanted: String) throws { #expect(Self.words(try Self.parse(text)) == wanted) }

    @Test(arguments: [
        ("a: 1\na: 2", "there twice, first in line 1", 2, 1), ("a: &x 1", "anchors", 1, 4), ("a: *x", "aliases", 1, 4),
        ("a: !!str 1", "tags", 1, 4), ("a:\n\tb: 1", "indented by a tab", 2, 1),
        ("a: 1\n---\nb: 2", "more than one", 2, 1),
        ("a: [1, 2", "not YAML", 1, 4), ("a: {b: 1}\nc: {d: [1]\n\n", "not YAML", 2, 4),
        ("a: 'x\n  y\n", "not YAML", 1, 4), ("a: [1, 2\nb: 3", "not YAML", 2, 2), ("? [a]\n: b", "one word", 1, 3),
        ("a: \u{1}", "does not allow", 1, 4),
        ("é: &x 1", "anchors", 1, 4),
    ])
    func refuses(_ text: String, _ words: String, _ line: Int, _ column: Int) {
        let error = #expect(throws: YAMLError.self) { try Self.parse(text) }
        #expect(error?.message.contains(words) ?? false, "\(String(describing: error))")
        #expect(error?.place.map { [$0.line, $0.column] } ?? [] == [line, column], "\(String(describing: error))")
    }

    /// What was not closed is shown where it begins.
    @Test func saysWhereItBegan() {
        let error = #expect(throws: YAMLError.self) { try Self.parse("a: 1\nb: {c: 2\nd: 3}\ne: ]") }
        #expect(error?.cause?.contains("did not find expected") ?? false, "\(String(describing: error))")
        let open = #expect(throws: YAMLError.self) { try Self.parse("a: 1\nb: {c: 2\n") }
        #expect(open?.cause?.contains("(from line 2, column 4)") ?? false, "\(String(describing: open))")
    }

    @Test func refusesWhatIsNotUTF8() {
        let error = #expect(throws: YAMLError.self) { try Parser.parse(Array("a: 1\nb: ".utf8) + [0xFF]) }
        #expect(error?.place?.line == 2)
    }

    /// However it is made, a text that is large or deep ends soon.
    @Test(arguments: [
        String(repeating: "[", count: 10_000), String(repeating: "{a: ", count: 10_000),
        String(repeating: "- ", count: 10_000) + "a", String(repeating: "? ", count: 10_000),
        (0..<10_000).map { String(repeating: " ", count: $0 % 2_000) + "a:" }.joined(separator: "\n"),
    ])
    func refusesDepth(_ text: String) {
        #expect(throws: YAMLError.self) { try Self.parse(text) }
    }

    @Test func refusesSize() {
        #expect(throws: YAMLError.self) { try Parser.parse([UInt8](repeating: 0x20, count: (10 << 20) + 1)) }
        var limits = Limits()
        limits.nodes = 10
        #expect(throws: YAMLError.self) { try Parser.parse(Array("[a,a,a,a,a,a,a,a,a,a]".utf8), limits: limits) }
    }

    @Test func knowsNull() throws {
        guard case .map(let entries)? = try Self.parse("a: null\nb: ~\nc:\nd: 'null'\ne: none")?.content else {
            Issue.record("no map")
            return
        }
        #expect(entries.map(\.value.isNull) == [true, true, true, false, false])
    }

    // MARK: Writing

    @Test(arguments: [
        "vm1", "vfpool-eth3", "a0:36:9f:00:00:03", "52:54:00:00:00:01", "0000:03:00.0", "010", "on", "Null", "~", "",
        "a b",
        "a: b", "#x", "- a", "é", "e\u{301}", "\u{1}", "\u{85}\u{2028}\u{202E}", "\"\\", "0x1f", "1e3", "a,b", "{",
        "a:",
        "\u{FEFF}a", "\u{1F600}", "\n\t", "yes", "2026-11-29", "\u{FFFE}", "\u{1FFFF}",
    ])
    func writesWhatReadsTheSame(_ text: String) throws {
        for form in ["k: \(Scalar.text(text))", "k: {k: \(Scalar.text(text))}", "{k: [\(Scalar.text(text))]}"] {
            #expect(Name(Self.words(try Self.parse(form))).string.contains("k"))
        }
        guard case .map(let entries)? = try Self.parse("\(Scalar.text(text)): \(Scalar.text(text))")?.content,
            let entry = entries.first, case .scalar(let value, _) = entry.value.content
        else {
            Issue.record("\(Scalar.text(text)) is no scalar")
            return
        }
        #expect(entry.key == Name(text) && Name(value) == Name(text) && !entry.value.isNull)
    }

    /// Other readers, of YAML 1.1, take these for something else than text.
    @Test(arguments: [
        "52:54:00:00:00:01", "0000:03:00.0", "010", "on", "No", "1_000", "0x1f", "2026-11-29", "~", "null",
    ])
    func quotes(_ text: String) { #expect(Scalar.text(text) == "\"\(text)\"") }
}
