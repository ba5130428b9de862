/// What a spec says of a value: this, that there is to be none (`null`), or nothing at all, which leaves it as it is.
package enum Said<Value: Sendable & Equatable>: Sendable, Equatable {
    case nothing
    case none
    case value(Value)

    /// Of something that is: a value or none.
    package init(of value: Value?) { self = value.map { .value($0) } ?? .none }

    package var value: Value? { if case .value(let value) = self { value } else { nil } }

    /// Whether what is differs from what is said.
    package func differs(from found: Value?) -> Bool {
        switch self {
        case .nothing: false
        case .none: found != nil
        case .value(let wanted): found != wanted
        }
    }
}
