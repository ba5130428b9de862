import Text

/// Hints that fit the command that was run: what is mended by an option there is mended by a line of a spec elsewhere.
extension Hint {
    package enum Audience: Sendable, Hashable {
        /// Whoever compares a host with a spec, or applies one.
        case spec
        /// Whoever rewrites a guest's document, without a host.
        case rewrite
        /// Whoever takes a change back.
        case undo
    }
}

extension [Hint] {
    /// What differs only elsewhere, they are told once.
    func told(_ audience: Hint.Audience) -> [Hint] { compactMap { $0.told(audience) }.deduplicated }
}

extension Diagnostic {
    package func told(_ audience: Hint.Audience) -> Diagnostic {
        var copy = self
        copy.hints = hints.told(audience)
        if let fold { copy.fold?.hints = fold.hints.told(audience) }
        return copy
    }
}

extension Failure {
    package func told(_ audience: Hint.Audience) -> Failure {
        var copy = self
        copy.hints = hints.told(audience)
        return copy
    }
}
