import Model
import Text

/// Warnings and notes on stderr, those of one kind as one where they are many, unless each is asked for.
enum FoldedView {
    /// - Returns: whether one stands for many.
    static func warn(_ items: [some Foldable], _ output: Output) -> Bool {
        let messages = Folded.all(items, each: output.isVerbose)
        for message in messages { output.warning(message.message, hints: message.hints) }
        return messages.contains(where: \.isFolded)
    }

    /// - Returns: whether one stands for many.
    static func note(_ items: [some Foldable], _ output: Output) -> Bool {
        let messages = Folded.all(items, each: output.isVerbose)
        for message in messages { output.note(message.message, hints: message.hints) }
        return messages.contains(where: \.isFolded)
    }

    /// - Parameter isFolded: whether one stands for many; then how to see them.
    static func end(_ isFolded: Bool, _ output: Output) {
        if isFolded { output.hint("see each of them: `--verbose`") }
    }
}
