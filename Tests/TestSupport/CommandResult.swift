/// What a command left behind.
package struct CommandResult: Sendable, Equatable, CustomStringConvertible {
    package var stdout: String
    package var stderr: String
    /// Its exit status, or 128 and the number of the signal that ended it.
    package var status: Int32

    package init(stdout: String, stderr: String, status: Int32) {
        self.stdout = stdout
        self.stderr = stderr
        self.status = status
    }

    /// For a failed expectation: everything.
    package var description: String {
        "[exit \(status)]" + (stdout.isEmpty ? "" : "\n\(stdout)") + (stderr.isEmpty ? "" : "\nstderr: \(stderr)")
    }
}
