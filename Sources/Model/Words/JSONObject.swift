/// An object of a JSON document, field by field as docs/reference/schema.json has it; nil stands there as `null`.
package struct JSONObject: Encodable, ExpressibleByDictionaryLiteral {
    private struct Field: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }

    private var fields: [(name: String, value: (any Encodable)?)]

    package init(dictionaryLiteral elements: (String, (any Encodable)?)...) {
        fields = elements.map { (name: $0.0, value: $0.1) }
    }

    package mutating func add(_ name: String, _ value: (any Encodable)?) { fields.append((name, value)) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Field.self)
        for field in fields {
            let key = Field(stringValue: field.name)
            if let value = field.value {
                try container.encode(value, forKey: key)
            } else {
                try container.encodeNil(forKey: key)
            }
        }
    }
}

/// What is an object in JSON.
package protocol JSONReport: Encodable {
    var json: JSONObject { get }
}

extension JSONReport {
    package func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}

/// Why fields of an object can't be known, as they are put into it.
package struct UnknownFields {
    package private(set) var reasons: [String: String] = [:]

    package init() {}

    package subscript(field: String) -> String? {
        get { reasons[field] }
        set { reasons[field] = newValue }
    }

    /// A fact's value; its reason is kept where there is none.
    package mutating func value<Value>(_ fact: Fact<Value>, _ field: String) -> Value? {
        reasons[field] = fact.reason
        return fact.value
    }
}
