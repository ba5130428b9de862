import Testing
import Text

/// Names that look alike, and are not.
@Suite struct NameTests {
    private let composed: Name = "caf\u{E9}"
    private let decomposed: Name = "cafe\u{301}"

    @Test func twoThatLookAlikeAreTwo() {
        #expect(composed.string == decomposed.string)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
        #expect([composed: 1, decomposed: 2][decomposed] == 2)
        #expect([decomposed, composed].firstIndex(of: composed) == 1)
    }

    @Test func theirOrderIsThatOfTheirBytes() {
        #expect(decomposed < composed)
        #expect(["b", composed, "a", decomposed].sorted() == ["a", "b", decomposed, composed])
        #expect(!(composed < composed))
    }

    @Test func theyAreTheSameStringsInJSON() throws {
        #expect("\(composed)".utf8.elementsEqual("caf\u{E9}".utf8))
        #expect("\(decomposed)".utf8.elementsEqual("cafe\u{301}".utf8))
    }

    @Test func textInComparedTypesCanBeComparedByBytes() {
        struct Holder: Equatable {
            @Bytewise var text: String?
            @Bytewise var texts: [String] = []
        }
        #expect(Holder(text: composed.string) != Holder(text: decomposed.string))
        #expect(Holder(text: composed.string) == Holder(text: composed.string))
        #expect(Holder(text: nil) != Holder(text: ""))
        #expect(Holder(texts: [composed.string]) != Holder(texts: [decomposed.string]))
        #expect(![composed.string].contains(bytes: decomposed.string))
    }
}
