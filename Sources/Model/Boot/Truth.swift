/// Whether something is so, as far as it can be told.
package enum Truth: Int, Sendable, Comparable {
    case no, maybe, yes

    package init(_ known: Bool) { self = known ? .yes : .no }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    package static func && (left: Self, right: @autoclosure () -> Self) -> Self {
        left == .no ? .no : min(left, right())
    }

    package static func || (left: Self, right: @autoclosure () -> Self) -> Self {
        left == .yes ? .yes : max(left, right())
    }

    package static prefix func ! (truth: Self) -> Self {
        switch truth {
        case .no: .yes
        case .maybe: .maybe
        case .yes: .no
        }
    }
}
