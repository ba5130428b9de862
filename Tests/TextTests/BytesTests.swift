import Testing
import Text

/// Text from outside, split and searched where Swift's characters would hide what stands there.
@Suite struct BytesTests {
    @Test func linesEndWithOrWithoutACarriageReturn() {
        #expect("a\r\nb\n\r\nc".lines == ["a", "b", "", "c"])
        #expect("a\r\n".lines == ["a"])
        #expect("".lines.isEmpty)
        #expect("\n".lines == [""])
        #expect("a\rb\n".lines == ["a\rb"])
    }

    @Test func anAccentBehindASeparatorHidesNothing() {
        #expect("a,\u{301}b".split(byte: ",").count == 2)
        #expect("../\u{301}x".contains(bytes: "/"))
        #expect("pf=\u{301}x".hasPrefix(bytes: "pf="))
        #expect("x\u{301}".hasPrefix(bytes: "x"))
        #expect("k=\u{301}v".cut(at: "=")?.before == "k")
        #expect("k=v=w".cut(at: "=")?.after == "v=w")
        #expect("kv".cut(at: "=") == nil)
        #expect("a,,b".split(byte: ",", keepsEmpty: true) == ["a", "", "b"])
        #expect("a b c".split(byte: " ", maxSplits: 1) == ["a", "b c"])
    }

    @Test func whatLooksAlikeIsNotFound() {
        #expect(!"caf\u{E9}".hasPrefix(bytes: "cafe\u{301}"))
        #expect(!"caf\u{E9}.xml".contains(bytes: "e\u{301}"))
        #expect(!"a\u{E9}".hasSuffix(bytes: "e\u{301}"))
        #expect("x.after.xml".hasSuffix(bytes: ".xml"))
        #expect("x.xml".without(suffix: ".xml") == "x")
        #expect("x.xml".without(prefix: "x.") == "xml")
        #expect("x".without(prefix: "y") == nil)
        #expect(!"a".hasSuffix(bytes: "ba"))
    }

    @Test func partsAreReplacedWhereverTheyStand() {
        #expect("a\\\r\nb".replacing(bytes: "\\\r\n", with: " ") == "a b")
        #expect("'\u{301}".replacing(bytes: "'", with: "''").utf8.elementsEqual("''\u{301}".utf8))
        #expect("aaa".replacing(bytes: "aa", with: "b") == "ba")
        #expect("abc".replacing(bytes: "", with: "x") == "abc")
        #expect("one two one".ranges(ofBytes: "one").count == 2)
        #expect("aab".contains(bytes: "ab"))
    }

    @Test func blanksAndLettersAreThoseOfASCII() {
        #expect(" a\t\r\n".trimmed == "a")
        #expect("   ".trimmed.isEmpty)
        #expect("a  b\r\nc\n".words == ["a", "b", "c"])
        #expect("a\u{A0}b".words == ["a\u{A0}b"])
        #expect("ABC\u{C9}\u{212A}".asciiLowercased.utf8.elementsEqual("abc\u{C9}\u{212A}".utf8))
        #expect("42x".prefix(bytes: \.isDigit) == "42")
        #expect("  42".drop(bytes: \.isBlank) == "42")
        #expect("a;b".split(bytes: { $0.isOne(of: ";,") }) == ["a", "b"])
    }

    @Test func numbersAreDigits() {
        #expect(Int(digits: "42") == 42)
        for text in ["+5", "-5", "", " 5", "5\n", "\u{663}", "5\u{301}", "99999999999999999999"] {
            #expect(Int(digits: text) == nil, "\(text)")
        }
    }
}
