/// How the process ends; `Failure.exitStatus` gives the rest of the table in `vfpool help exit-status`.
enum ExitStatus {
    static let done: Int32 = 0
    /// `--dry-run --exit-code` found something to change.
    static let wouldChange: Int32 = 2
    /// `doctor` found a failure.
    static let foundFailure: Int32 = 2
    /// `diff` found something that is not as the spec says.
    static let differs: Int32 = 2
    /// Some of many hosts gave no answer.
    static let hostsMissing: Int32 = 6
    static let usage: Int32 = 64
}
