/// What is left of a change that stopped on the way.
package enum Outcome: Sendable, Equatable {
    /// Nothing: it was not begun, or was put back.
    case nothing
    /// The parts that were done before; what was begun after them was put back.
    case parts
    /// What was begun last may still be in place, or may still happen.
    case open(afterParts: Bool)

    /// Whether the parts before stay.
    package var keepsParts: Bool { self == .parts || self == .open(afterParts: true) }

    package var isOpen: Bool { if case .open = self { true } else { false } }

    /// The same where parts were done before.
    package var afterParts: Outcome { isOpen ? .open(afterParts: true) : .parts }
}
