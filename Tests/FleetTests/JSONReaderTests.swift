import Testing
import Text

@testable import Fleet

/// JSON as others write it: whole, strict, and in bounded time and memory.
@Suite struct JSONReaderTests {
    private func read(_ text: String, _ fields: Set<Name>? = nil) throws -> JSONValue {
        try JSONReader.read(Array(text.utf8), fields: fields)
    }

    @Test func everyKindOfValue() throws {
        let value = try read(#" {"a": [1, -2.5e+3, true, false, null, "x", {}, []], "b": {"c": "d"}} "#)
        #expect(
            value["a"].items == [
                .number("1"), .number("-2.5e+3"), .flag(true), .flag(false), .null, .text("x"), .object([:]), .list([]),
            ])
        #expect(value["b"]["c"].text == "d" && value["nix"]["c"].isNull)
    }

    @Test func escapes() throws {
        let value = try read(#""a\"\\\/\b\f\n\r\t\u009b\ud83d\ude00\ud83dx\u00e4""#)
        #expect(value.text == "a\"\\/\u{8}\u{C}\n\r\t\u{9B}\u{1F600}\u{FFFD}x\u{E4}")
    }

    /// What is not asked for is looked through and left out.
    @Test func onlySomeFields() throws {
        let value = try read(#"{"a": {"x": 1, "b": 2}, "c": [{"b": {"a": 3}}], "b": "k"}"#, ["a", "b"])
        #expect(value == .object(["a": .object(["b": .number("2")]), "b": .text("k")]))
        #expect(throws: JSONError.self) { try read(#"{"c": [}, "a": 1}"#, ["a"]) }
    }

    @Test(arguments: [
        "", " ", "{", "[1,", "[1,]", "{\"a\":}", "{\"a\" 1}", "{a: 1}", "01", "1.", "1e", "-", "+1", ".5", "nul", "NaN",
        "'a'",
        "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\\u12", "\"a\u{7}\"", "\"a\nb\"", "1 2", "[1] x", "tru", "{\"a\":1,}",
        "[\u{A0}1]",
    ]) func whatIsNoJSON(text: String) {
        #expect(throws: JSONError.self) { try read(text) }
    }

    @Test func bounds() throws {
        #expect(throws: JSONError("it has more than 64 lists and objects within each other")) {
            try read(String(repeating: "[", count: 1_000_000))
        }
        #expect(throws: JSONError("it is not UTF-8")) { try JSONReader.read([0x22, 0xFF, 0x22]) }
        #expect(throws: JSONError("it ends in the middle, after 9 bytes")) { try read(#"{"a": [1,"#) }
        _ = try read(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
    }
}
