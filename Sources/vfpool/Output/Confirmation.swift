import Model
import Text

/// Asks before what naming a thing does not cover; without a terminal it takes `--yes`.
enum Confirmation {
    /// - Parameter reason: what is asked about, as a sentence without a full stop.
    /// - Throws: `not-confirmed`.
    static func ask(
        _ reason: String, agreed: Bool, _ output: Output,
        hints: [Hint] = ["look at the plan with `--dry-run`, then add `--yes`"]
    ) throws(Failure) {
        if agreed { return }
        guard Terminal.canAsk else {
            throw Failure(
                .notConfirmed, "`--yes` is required when not on a terminal", cause: reason, hints: hints)
        }
        output.talk(reason + ". Continue? [y/N] ", terminator: "")
        guard let answer = readLine(), ["y", "yes"].contains(bytes: answer.asciiLowercased) else {
            throw Failure(.notConfirmed, "not confirmed", hints: ["nothing was changed"])
        }
    }
}
