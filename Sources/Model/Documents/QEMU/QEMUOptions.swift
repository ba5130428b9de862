import Text

/// The properties of one device or backend on QEMU's command line: `vfio-pci,host=03:10.0`, or a JSON object.
struct QEMUOptions {
    /// In order; what has no name is left out.
    let all: [(name: String, value: String)]
    /// The driver of a device or the type of a backend, which may stand first without a name.
    let kind: String?

    init(_ text: Substring) {
        let isJSON = text.hasPrefix(bytes: "{")
        all = isJSON ? Self.members(ofJSON: Array(text.utf8)) : Self.options(text)
        let first = isJSON ? nil : text.split(byte: ",").first.map { String($0.trimmed) }
        let named = all.last { $0.name.isSame(as: "driver") || $0.name.isSame(as: "type") }?.value
        kind = named ?? first.flatMap { $0.contains(bytes: "=") ? nil : $0 }
    }

    /// Parts between commas; one that is part of a value is written twice.
    private static func options(_ text: Substring) -> [(name: String, value: String)] {
        let comma = UInt8(ascii: ",")
        var parts: [[UInt8]] = [[]]
        var rest = text.utf8
        while let byte = rest.popFirst() {
            if byte != comma {
                parts[parts.count - 1].append(byte)
            } else if rest.first == comma {
                rest.removeFirst()
                parts[parts.count - 1].append(comma)
            } else {
                parts.append([])
            }
        }
        return parts.compactMap { part in
            let text = String(decoding: part, as: UTF8.self)
            guard let (name, value) = text.cut(at: "=") else { return nil }
            return (String(name.trimmed), String(value.trimmed))
        }
    }

    /// The text members of the outermost object. QEMU takes single quotes for double ones.
    private static func members(ofJSON bytes: [UInt8]) -> [(name: String, value: String)] {
        var members: [(name: String, value: String)] = []
        var depth = 0
        var name: String?
        var place = 0
        var isValue = false
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte.isOne(of: "{[") {
                depth += 1
                isValue = false
            } else if byte.isOne(of: "}]") {
                depth -= 1
            } else if byte == UInt8(ascii: ":") {
                isValue = true
            } else if byte == UInt8(ascii: ",") {
                (name, isValue) = (nil, false)
            } else if byte.isOne(of: "\"'") {
                let text = string(bytes, &place, end: byte)
                guard depth == 1 else { continue }
                if isValue, let name { members.append((name, text)) } else { name = text }
            }
        }
        return members
    }

    /// - Parameter place: behind the opening quote; on return, behind the closing one.
    private static func string(_ bytes: [UInt8], _ place: inout Int, end: UInt8) -> String {
        var text: [UInt8] = []
        while place < bytes.count, bytes[place] != end {
            var byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\\"), place < bytes.count {
                byte = bytes[place]
                place += 1
                if byte == UInt8(ascii: "u"), place + 4 <= bytes.count {
                    let digits = String(decoding: bytes[place..<place + 4], as: UTF8.self)
                    place += 4
                    let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? "?"
                    text += Array(String(Character(scalar)).utf8)
                    continue
                }
            }
            text.append(byte)
        }
        place += 1
        return String(decoding: text, as: UTF8.self)
    }
}
