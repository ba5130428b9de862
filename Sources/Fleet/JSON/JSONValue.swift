package import Text

/// A part of a JSON document.
package enum JSONValue: Sendable, Equatable {
    case null
    case flag(Bool)
    /// As it is written.
    case number(Name)
    case text(Name)
    case list([JSONValue])
    case object([Name: JSONValue])

    /// A field of an object; `null` where there is none, or where this is no object.
    package subscript(_ field: Name) -> JSONValue {
        if case .object(let fields) = self { fields[field] ?? .null } else { .null }
    }

    package var text: Name? { if case .text(let text) = self { text } else { nil } }

    package var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }

    package var number: Int? {
        if case .number(let digits) = self { Int(digits.string) } else { nil }
    }

    /// The items of a list; none where this is no list.
    package var items: [JSONValue] { if case .list(let items) = self { items } else { [] } }

    /// The texts of a list.
    package var texts: [Name] { items.compactMap(\.text) }

    /// The fields of an object; none where this is none.
    package var fields: [Name: JSONValue] { if case .object(let fields) = self { fields } else { [:] } }

    package var isNull: Bool { self == .null }

    package var isList: Bool { if case .list = self { true } else { false } }

    package var isObject: Bool { if case .object = self { true } else { false } }
}
