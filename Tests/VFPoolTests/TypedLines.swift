import FoundationEssentials
import Glibc
import TestSupport

/// Lines typed into a real shell on a terminal of its own, and what vfpool would have been run with (`Tests/Shells`).
struct TypedLines: Decodable {
    struct Line: Encodable {
        /// The host that names come from, from here on.
        var host: String?
        var typed: String
        /// Pressed after that, before Enter.
        var keys = "\t"
    }

    private struct Task: Encodable {
        var shell: String
        var folder: String
        var vfpool: String
        var script: String
        var rc: String
        var lines: [Line]
    }

    /// The arguments of each line; nil where nothing was run.
    var lines: [[String]?]
    /// What the working folder then held.
    var made: [String]

    /// Whether this shell is here (`Tests/setup` installs all).
    static func has(_ shell: String) -> Bool { access("/usr/bin/" + shell, X_OK) == 0 }

    /// - Parameters:
    ///   - rc: lines for bash's start file, before vfpool's script.
    ///   - prepare: gets the folder in which all is done.
    static func run(
        _ shell: String, rc: String = "", _ lines: [Line], prepare: (String) throws -> Void = { _ in }
    ) throws -> TypedLines {
        let folder = try TemporaryFolder()
        try prepare(folder.path)
        let script = folder.path + "/script." + shell
        let printed = try RunningCommand([Rig.vfpool, "completion", shell], environment: [:]).wait()
        try Data(printed.stdout.utf8).write(to: URL(filePath: script))
        let task = Task(
            shell: shell, folder: folder.path, vfpool: Rig.vfpool, script: script, rc: rc, lines: lines)
        let input = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
        let driver = CLIHost.fixtures + "/../Shells/type-lines.py"
        let result = try RunningCommand(
            ["/usr/bin/env", "python3", driver], environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], input: input
        ).wait(seconds: 1200)
        guard result.status == 0 else { throw TypingError(result: result) }
        return try JSONDecoder().decode(TypedLines.self, from: Data(result.stdout.utf8))
    }
}

struct TypingError: Error, CustomStringConvertible {
    var result: CommandResult
    var description: String { "\(result)" }
}
