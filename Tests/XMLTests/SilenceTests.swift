import FoundationEssentials
import Glibc
import Testing
import XML

/// Turns the process's own stderr away for a moment, so it runs alone among its like.
@Suite("libxml2 never prints", .serialized)
struct SilenceTests {
    /// What the body writes to stderr; whatever else was written meanwhile is passed on.
    private func standardError(_ body: () throws -> Void) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "vfpool-\(UUID().uuidString)").path
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try #require(file >= 0)
        unlink(path)
        let kept = dup(STDERR_FILENO)
        dup2(file, STDERR_FILENO)
        defer {
            close(kept)
            close(file)
        }
        let outcome = Result { try body() }
        dup2(kept, STDERR_FILENO)
        try outcome.get()
        var bytes = [UInt8](repeating: 0, count: Int(lseek(file, 0, SEEK_END)))
        let count = pread(file, &bytes, bytes.count, 0)
        if count > 0 { _ = write(kept, bytes, count) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("the capture works")
    func captures() throws {
        let text = try standardError { _ = write(STDERR_FILENO, "heard\n", 6) }
        #expect(text.contains("heard\n"))
    }

    @Test("whatever is wrong")
    func silent() throws {
        let text = try standardError {
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
        }
        for word in ["error", "Entity", "^", "element"] { #expect(!text.contains(word), "\(text)") }
    }
}
