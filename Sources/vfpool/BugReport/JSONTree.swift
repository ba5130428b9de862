import FoundationEssentials
import Text

/// Any JSON document, to be looked through and written again.
enum JSONTree: Codable {
    case null
    case flag(Bool)
    case number(Int)
    case text(String)
    case list([JSONTree])
    case object([String: JSONTree])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Int.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSONTree].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONTree].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let flag): try container.encode(flag)
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let list): try container.encode(list)
        case .object(let object): try container.encode(object)
        }
    }

    /// The same with every text changed but those of the fields in `kept`, and no field's name.
    func mapping(except kept: Set<Name>, _ change: (String) -> String) -> JSONTree {
        switch self {
        case .null, .flag, .number: self
        case .text(let text): .text(change(text))
        case .list(let list): .list(list.map { $0.mapping(except: kept, change) })
        case .object(let object):
            .object(
                Dictionary(
                    object.map { key, value in
                        if case .text = value, kept.contains(Name(key)) { return (key, value) }
                        return (key, value.mapping(except: kept, change))
                    }
                ) { $1 })
        }
    }
}
