import FoundationEssentials
import Glibc
import Synchronization

/// What vfpool printed with `--format json`, kept where Tests/run wants it: all of it is held to docs/reference/schema.json at once, when
/// the tests have ended.
enum KeptJSON {
    private struct Run: Encodable {
        var words: [String]
        var stdout: String
        var stderr: String
        var status: Int32
    }

    private static let folder = getenv("VFPOOL_KEPT_JSON").map { String(cString: $0) }
    private static let count = Atomic<Int>(0)

    /// Keeps what a command printed, if it is vfpool and was asked for JSON. A script in between prints words of its own.
    static func keep(_ words: [String], _ result: CommandResult) {
        guard let folder, let program = words.lastIndex(of: Rig.vfpool), !words[..<program].contains("python3")
        else { return }
        let words = Array(words[(program + 1)...])
        guard
            words.contains("--format=json")
                || zip(words, words.dropFirst()).contains(where: { $0 == ("--format", "json") })
        else { return }
        let number = count.add(1, ordering: .relaxed).newValue
        let run = Run(words: words, stdout: result.stdout, stderr: result.stderr, status: result.status)
        // A test that fails for this would be none about vfpool; Tests/Docs/json says if a kind of document is missing.
        try? JSONEncoder().encode(run).write(to: URL(filePath: "\(folder)/\(getpid()).\(number).json"))
    }
}
