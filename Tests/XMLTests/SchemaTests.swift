import FoundationEssentials
import Testing
import XML

@Suite("Grammars")
struct SchemaTests {
    private static let grammar = """
        <element name="a" xmlns="http://relaxng.org/ns/structure/1.0"
                 datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
          <zeroOrMore>
            <element name="b"><attribute name="n"><data type="unsignedInt"/></attribute></element>
          </zeroOrMore>
        </element>
        """

    @Test("accept, and say what is wrong and where")
    func problems() throws {
        let schema = try Schema(text: SchemaTests.grammar, includePath: "/")
        #expect(schema.problems(in: try Document(parsing: "<a><b n='1'/></a>")).isEmpty)
        let problems = schema.problems(in: try Document(parsing: "<a>\n  <b n='1'/>\n  <b m='1'/>\n</a>"))
        #expect(problems.first?.line == 3)
        #expect(problems.allSatisfy { !$0.message.isEmpty && !$0.message.contains("\n") })
        #expect(!schema.problems(in: try Document(parsing: "<a><b n='x'/></a>")).isEmpty)
        #expect(!schema.problems(in: try Document(parsing: "<c/>")).isEmpty)
    }

    @Test("take an element as a document, and keep its lines")
    func elements() throws {
        let schema = try Schema(text: SchemaTests.grammar, includePath: "/")
        let document = try Document(parsing: "<x>\n  <a>\n    <b n='1'/>\n  </a>\n  <a>\n    <b n='y'/>\n  </a>\n</x>")
        #expect(document.root.all("a").map { schema.problems(in: $0).isEmpty } == [true, false])
        #expect(document.root.all("a").flatMap { schema.problems(in: $0) }.first?.line == 6)
    }

    @Test("see edits")
    func edits() throws {
        let schema = try Schema(text: SchemaTests.grammar, includePath: "/")
        let document = try Document(parsing: "<a><b/></a>")
        #expect(!schema.problems(in: document).isEmpty)
        document.root.first("b")?[attribute: "n"] = "1"
        #expect(schema.problems(in: document).isEmpty)
    }

    @Test("include files of a folder, whatever its name")
    func includes() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "vf pool%20#é-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let common = """
            <grammar xmlns="http://relaxng.org/ns/structure/1.0">
              <start><ref name="b"/></start><include href="more.rng"/>
              <define name="b"><element name="b"><empty/></element></define>
            </grammar>
            """
        try common.write(to: folder.appending(path: "common.rng"), atomically: false, encoding: .utf8)
        let more =
            "<grammar xmlns=\"http://relaxng.org/ns/structure/1.0\"><define name=\"c\"><empty/></define></grammar>"
        try more.write(to: folder.appending(path: "more.rng"), atomically: false, encoding: .utf8)
        let wrapper = """
            <grammar xmlns="http://relaxng.org/ns/structure/1.0">
              <include href="common.rng"><start><element name="a"><ref name="b"/></element></start></include>
            </grammar>
            """
        let schema = try Schema(text: wrapper, includePath: folder.path)
        #expect(schema.problems(in: try Document(parsing: "<a><b/></a>")).isEmpty)
        #expect(!schema.problems(in: try Document(parsing: "<b/>")).isEmpty)
        #expect(try Schema(file: folder.path + "/common.rng").problems(in: try Document(parsing: "<b/>")).isEmpty)

        let error = #expect(throws: XMLError.self) { try Schema(text: wrapper, includePath: folder.path + "/none") }
        #expect(error?.kind == .unreadable)
        #expect(error?.path == folder.path + "/none/common.rng")
    }

    @Test("that are none are refused")
    func refused() {
        for (text, kind) in [
            ("<a", XMLError.Kind.notWellFormed), ("<a/>", .invalid), ("<!DOCTYPE a><a/>", .forbidden),
            ("<ref name=\"x\" xmlns=\"http://relaxng.org/ns/structure/1.0\"/>", .invalid),
        ] {
            let error = #expect(throws: XMLError.self) { try Schema(text: text, includePath: "/") }
            #expect(error?.kind == kind, "\(text)")
        }
        let error = #expect(throws: XMLError.self) { try Schema(file: "/nonexistent/domain.rng") }
        #expect(error?.kind == .unreadable)
        #expect(error?.path == "/nonexistent/domain.rng")
    }

    @Test("serve several threads at once")
    func threads() async throws {
        let schema = try Schema(text: SchemaTests.grammar, includePath: "/")
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<200 {
                        let isValid = (task + round).isMultiple(of: 2)
                        let document = try Document(parsing: "<a>\n<b n='\(isValid ? "1" : "x")'/>\n</a>")
                        let problems = schema.problems(in: document)
                        guard problems.isEmpty == isValid, isValid || problems.first?.line == 2 else { return false }
                    }
                    return true
                }
            }
            for try await result in group { #expect(result) }
        }
    }
}
