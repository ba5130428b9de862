import Testing
import XML

@Suite("Threads")
struct ThreadTests {
    @Test("each hears of its own document only")
    func separate() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<200 {
                        // Broken on a line of this task's own.
                        let lines = task * 10 + round % 7
                        let broken = "<a>" + String(repeating: "\n", count: lines) + "</b>"
                        do throws(XMLError) {
                            _ = try Document(parsing: broken)
                            return false
                        } catch {
                            guard error.kind == .notWellFormed, error.line == lines + 1 else { return false }
                        }
                        let document = try Document(parsing: "<a>\n  <b n='\(lines)'/>\n</a>")
                        document.root.addChild("c").text = "\(round)"
                        guard try document.selectOne("/a/b")[attribute: "n"] == "\(lines)" else { return false }
                        guard document.canonical().contains("<c>\(round)</c>") else { return false }
                    }
                    return true
                }
            }
            for try await result in group { #expect(result) }
        }
    }
}
