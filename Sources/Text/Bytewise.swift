/// Text in a type that is compared by its parts: it makes that comparison look at the text's bytes, as `Name` does.
@propertyWrapper
package struct Bytewise<Value: Sendable>: Sendable {
    package var wrappedValue: Value

    package init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
}

extension Bytewise: Equatable where Value: ComparedByBytes {
    package static func == (left: Self, right: Self) -> Bool { left.wrappedValue.isSame(as: right.wrappedValue) }
}

/// What `Bytewise` can wrap: text, text that may be missing, texts in a row.
package protocol ComparedByBytes {
    func isSame(as other: Self) -> Bool
}

extension String: ComparedByBytes {}

extension Substring: ComparedByBytes {}

extension Optional: ComparedByBytes where Wrapped: ComparedByBytes {
    package func isSame(as other: Wrapped?) -> Bool {
        guard let self, let other else { return self == nil && other == nil }
        return self.isSame(as: other)
    }
}

extension Array: ComparedByBytes where Element: ComparedByBytes {
    package func isSame(as other: [Element]) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.isSame(as: $1) }
    }

    /// Whether it holds this text, byte for byte.
    package func contains(bytes text: Element) -> Bool { contains { $0.isSame(as: text) } }
}
