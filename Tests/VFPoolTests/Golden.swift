import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// A file that holds what commands printed: `$ vfpool …`, stdout, `stderr:` and its lines, `[exit 0]`.
///
/// `VFPOOL_RECORD=1` writes it anew.
enum Golden {
    static func check(_ name: String, _ text: String, _ location: SourceLocation = #_sourceLocation) throws {
        try check(file: "\(CLIHost.fixtures)/golden/\(name).txt", text, location)
    }

    /// The same of any file.
    static func check(file path: String, _ text: String, _ location: SourceLocation = #_sourceLocation) throws {
        if getenv("VFPOOL_RECORD") != nil {
            try Data(text.utf8).write(to: URL(filePath: path))
            return
        }
        let expected = (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) }
        #expect(expected == text, "\(path); record it with VFPOOL_RECORD=1", sourceLocation: location)
    }

    /// What a command printed, as such a file has it.
    static func text(_ arguments: [String], _ result: CommandResult) -> String {
        let line = (["$ vfpool"] + arguments).joined(separator: " ") + "\n"
        let errors = result.stderr.isEmpty ? "" : "stderr:\n" + result.stderr
        return line + result.stdout + errors + "[exit \(result.status)]\n"
    }
}
