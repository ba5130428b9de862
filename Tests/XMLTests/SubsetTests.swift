import Testing
import XML

@Suite("Planned and stored")
struct SubsetTests {
    private func differences(_ planned: String, _ stored: String) throws -> [String] {
        Subset.differences(planned: try Document(parsing: planned).root, stored: try Document(parsing: stored).root)
    }

    @Test(
        "nothing is missing",
        arguments: [
            ("<a/>", "<a/>"),
            ("<a><b/></a>", "<a c='1'>\n <d/>\n <b e='2'><f/></b>\n</a>"),
            ("<a><b/><c/></a>", "<a><c/><b/></a>"),
            ("<a><!-- c --><b> x\n y </b></a>", "<a><b>x y</b></a>"),
            ("<a><b n='1'/><b n='3'/></a>", "<a><b n='0'/><b n='1'/><b n='2'/><b n='3'/><b n='4'/></a>"),
            ("<a><b n='1'/><b n='1'/></a>", "<a><b n='1'/><c/><b n='1'/></a>"),
            ("<a><b n='1'/><b n='2'/></a>", "<a><b n='2'/><b n='1'/></a>"),
            ("<a xmlns:p='u'><p:b p:c='1'/></a>", "<a><p:b xmlns:p='u' p:c='1'/></a>"),
        ])
    func nothing(planned: String, stored: String) throws {
        #expect(try differences(planned, stored) == [])
    }

    @Test(
        "what is missing or differs is named",
        arguments: [
            ("<a b='1'/>", "<a/>", ["/a/@b is missing: \"1\" was planned"]),
            ("<a b='1'/>", "<a b='2'/>", ["/a/@b is \"2\": \"1\" was planned"]),
            ("<a b='\u{E9}'/>", "<a b='e\u{301}'/>", ["/a/@b is \"e\u{301}\": \"\u{E9}\" was planned"]),
            ("<a>\u{E9}</a>", "<a>e\u{301}</a>", ["/a is \"e\u{301}\": \"\u{E9}\" was planned"]),
            ("<a>x</a>", "<a>x\u{A0}</a>", ["/a is \"x\u{A0}\": \"x\" was planned"]),
            ("<a>x</a>", "<a>y</a>", ["/a is \"y\": \"x\" was planned"]),
            ("<a><b/></a>", "<a/>", ["/a/b is missing"]),
            ("<a><b/><b n='1'/></a>", "<a><b/></a>", ["/a/b[2] is missing"]),
            (
                "<a><b n='1'><c d='1'/></b><b n='2'/></a>", "<a><b n='1'><c d='3'/></b><b n='2'/></a>",
                ["/a/b[1]/c/@d is \"3\": \"1\" was planned"]
            ),
            (
                "<a><b n='1'/><b n='2'/></a>", "<a><b n='2'/><b n='3'/></a>",
                ["/a/b[1]/@n is \"3\": \"1\" was planned"]
            ),
            ("<a/>", "<b/>", ["/a is missing: /b is there"]),
            ("<a xmlns='u'><b/></a>", "<a xmlns='u'><b xmlns=''/></a>", ["/a/b is missing"]),
            ("<a b='0x01'/>", "<a b='1'/>", ["/a/@b is \"1\": \"0x01\" was planned"]),
        ])
    func named(planned: String, stored: String, expected: [String]) throws {
        #expect(try differences(planned, stored) == expected)
    }

    @Test("cost grows with the document, not with its depth or width to the power", .timeLimit(.minutes(10)))
    func cost() throws {
        func chain(_ leaf: String) -> String {
            String(repeating: "<a><b/>", count: 100) + leaf + String(repeating: "</a>", count: 100)
        }
        #expect(try differences(chain("<c d='1'/>"), chain("<c d='2'/>")).count == 1)
        func row(_ value: Int) -> String { "<a>" + (0..<4_096).map { "<b n='\($0 * value)'/>" }.joined() + "</a>" }
        #expect(try differences(row(1), row(2)).count == 2_048)
    }
}
