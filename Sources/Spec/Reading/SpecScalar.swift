import Model
import SRIOV
import Text
import YAML

/// A value of a spec that is one word or text.
struct SpecScalar {
    let text: String
    private let key: Name
    private let node: Node
    private let source: SpecText

    /// - Throws: `bad-spec` for lists, maps and `null`.
    init(_ node: Node, _ key: Name, _ source: SpecText) throws(Failure) {
        guard case .scalar(let text, _) = node.content else {
            throw source.failure("\(key) has to be one value, not a list or map", at: node.place)
        }
        guard !node.isNull else { throw source.failure("\(key) has no value", at: node.place) }
        self.text = text
        self.key = key
        self.node = node
        self.source = source
    }

    /// - Parameter problem: `has to be …`.
    func failure(_ problem: String, hints: [Hint] = []) -> Failure {
        source.failure(
            text.isEmpty ? "\(key) is empty" : "\(key) \(problem), not \(Name(text).shown)", at: node.place,
            hints: hints)
    }

    /// What something is called.
    var name: Name {
        get throws(Failure) {
            guard !text.isEmpty, !Name(text).hasControl else {
                throw failure("has to be a name, without control characters")
            }
            return Name(text)
        }
    }

    func number(_ range: ClosedRange<Int>) throws(Failure) -> Int {
        guard let number = Int(digits: text) else { throw failure("has to be a number") }
        guard text.utf8.count == 1 || !text.hasPrefix(bytes: "0") else {
            throw failure("has to be a number without zeros before it")
        }
        guard range.contains(number) else {
            throw failure("has to be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    var flag: Bool {
        get throws(Failure) {
            // As the readers of YAML 1.1 and 1.2 have them.
            switch Name(text) {
            case "true", "True", "TRUE", "on", "On", "ON", "yes", "Yes", "YES": return true
            case "false", "False", "FALSE", "off", "Off", "OFF", "no", "No", "NO": return false
            default: throw failure("has to be true or false")
            }
        }
    }

    var mac: MACAddress {
        get throws(Failure) {
            guard let mac = MACAddress(word: text) else { throw failure("has to be a MAC address") }
            guard !mac.isMulticast, !mac.isZero else { throw failure("has to be the MAC address of one interface") }
            return mac
        }
    }

    /// One of these words.
    func word(_ known: [Name]) throws(Failure) -> Name {
        guard known.contains(Name(text)) else {
            throw failure("has to be \(Words.list(known, last: "or"))", hints: [])
        }
        return Name(text)
    }
}

extension Name {
    /// Whether it has a character that no document of libvirt's can hold; C would end the name at the first of them.
    var hasControl: Bool { string.utf8.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D } }
}
