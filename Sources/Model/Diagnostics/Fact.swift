/// A value that is known, known not to be there, or that can't be known from here: three things, never two.
package enum Fact<Value: Sendable & Equatable>: Sendable, Equatable {
    case known(Value)
    case absent
    /// Why it can't be known, in a few words.
    case unknown(String)

    /// A value that is certain either way.
    package init(_ value: Value?) {
        self = if let value { .known(value) } else { .absent }
    }

    package var value: Value? {
        if case .known(let value) = self { value } else { nil }
    }

    package var reason: String? {
        if case .unknown(let reason) = self { reason } else { nil }
    }
}
