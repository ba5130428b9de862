import Glibc
import Testing
import XML

@Suite("libxml2 never prints")
struct SilenceTests {
    @Test("whatever is wrong")
    func silent() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            for broken in [
                "<a", "<a>&b;</a>", "<!DOCTYPE a SYSTEM 'http://127.0.0.1/x'><a/>", "<a>\u{1}</a>", "<q:a/>", "",
            ] {
                _ = try? Document(parsing: broken)
            }
            let document = try Document(parsing: "<a/>")
            _ = try? document.select("/a[")
            _ = try? document.select("unknown()")
            _ = try? document.select("/x:a")
            _ = try? Schema(text: "<grammar xmlns='http://relaxng.org/ns/structure/1.0'/>", includePath: "/")
            _ = try? Schema(text: "<a/>", includePath: "/")
            _ = try? Schema(file: "/etc/passwd")
            let schema = try Schema(
                text: "<element name='b' xmlns='http://relaxng.org/ns/structure/1.0'><empty/></element>",
                includePath: "/")
            _ = schema.problems(in: document)
            _ = schema.problems(in: document.root)
            _ = write(STDERR_FILENO, "heard", 5)
        }
        let printed = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(printed.hasSuffix("heard"))
        for word in ["error", "Entity", "^", "element"] { #expect(!printed.contains(word), "\(printed)") }
    }
}
