/// A command that was started: to be waited for, sent signals, and asked what it has printed so far. Who lets go of it
/// without waiting ends it, except on a rig, with which it ends.
///
/// Its output goes to files without a name, so that it never waits for a reader.
package final class RunningCommand: Sendable {
    let process: ChildProcess
    private let words: [String]
    private let output: Scratch
    private let errors: Scratch

    /// Starts a program. Its standard input holds `input`, then ends.
    package init(_ words: [String], environment: [String: String], input: String = "") throws(RigError) {
        self.words = words
        let stdin = try Scratch(holding: input)
        output = try Scratch()
        errors = try Scratch()
        process = try ChildProcess(
            words, environment: environment, streams: (stdin.file, output.file, errors.file))
    }

    package var id: Int32 { process.id }

    /// What it has printed so far.
    package var stdout: String { output.text }
    package var stderr: String { errors.text }

    /// The same as bytes, whether they are text or not.
    package var bytes: (stdout: [UInt8], stderr: [UInt8]) { (output.bytes, errors.bytes) }

    /// Sends a signal; rig-run passes it on, and when killed takes the command with it.
    package func signal(_ number: Int32) { process.signal(number) }

    /// Whether it has ended; `wait` is still to be called.
    package var hasEnded: Bool { process.hasEnded }

    /// Waits for its end. After `seconds` it is killed, and that is an error.
    package func wait(seconds: Double = 300) throws(RigError) -> CommandResult {
        let status = try process.wait(seconds: seconds) { "it had printed: \(self.stdout)\(self.stderr)" }
        let result = CommandResult(stdout: output.text, stderr: errors.text, status: status)
        KeptJSON.keep(words, result)
        return result
    }
}
