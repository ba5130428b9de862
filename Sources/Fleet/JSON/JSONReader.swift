package import Text

/// Reads one JSON document (RFC 8259) in bounded time and memory, whoever wrote it: nothing of it is taken on trust.
package struct JSONReader {
    /// Lists and objects within each other.
    private static let depth = 64
    /// Values; a host of 4,096 VFs has some 400,000.
    private static let most = 2_000_000

    private let bytes: UnsafeBufferPointer<UInt8>
    private let wanted: Set<Name>?
    private var at = 0
    private var count = 0

    /// - Parameter fields: of objects, at any depth, the fields that are kept; the others are looked through and left out. nil: all.
    package static func read(_ bytes: [UInt8], fields: Set<Name>? = nil) throws(JSONError) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw JSONError("it is not UTF-8") }
        let result = bytes.withUnsafeBufferPointer { bytes in
            Result { () throws(JSONError) -> JSONValue in
                var reader = JSONReader(bytes: bytes, wanted: fields)
                return try reader.document()
            }
        }
        return try result.get()
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, wanted: Set<Name>?) {
        self.bytes = bytes
        self.wanted = wanted
    }

    private mutating func document() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0, kept: true)
        skipBlanks()
        guard at == bytes.count else { throw wrong("something follows it") }
        return value
    }

    private func wrong(_ what: String) -> JSONError {
        JSONError(
            at >= bytes.count ? "it ends in the middle, after \(bytes.count) bytes" : "\(what), at byte \(at + 1)")
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard next == byte else { throw wrong("it is no JSON") }
        at += 1
    }

    private mutating func value(depth: Int, kept: Bool) throws(JSONError) -> JSONValue {
        count += 1
        guard count <= Self.most else { throw JSONError("it has more than \(Self.most) parts") }
        guard depth < Self.depth else {
            throw JSONError("it has more than \(Self.depth) lists and objects within each other")
        }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return .object(try object(depth, kept))
        case UInt8(ascii: "["): return .list(try list(depth, kept))
        case UInt8(ascii: "\""):
            let text = try text(kept: kept)
            return kept ? .text(text) : .null
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount { try expect(word.utf8Start[index]) }
        return value
    }

    // MARK: Lists and objects

    /// Whether another item follows; else the list or object has ended.
    private mutating func goesOn(_ end: UInt8) throws(JSONError) -> Bool {
        skipBlanks()
        if next == end {
            at += 1
            return false
        }
        try expect(UInt8(ascii: ","))
        return true
    }

    private mutating func isEmpty(_ end: UInt8) -> Bool {
        at += 1
        skipBlanks()
        guard next == end else { return false }
        at += 1
        return true
    }

    private mutating func list(_ depth: Int, _ kept: Bool) throws(JSONError) -> [JSONValue] {
        var items: [JSONValue] = []
        guard !isEmpty(UInt8(ascii: "]")) else { return items }
        repeat {
            let item = try value(depth: depth + 1, kept: kept)
            if kept { items.append(item) }
        } while try goesOn(UInt8(ascii: "]"))
        return items
    }

    private mutating func object(_ depth: Int, _ kept: Bool) throws(JSONError) -> [Name: JSONValue] {
        var fields: [Name: JSONValue] = [:]
        guard !isEmpty(UInt8(ascii: "}")) else { return fields }
        repeat {
            skipBlanks()
            let name = try text(kept: kept)
            skipBlanks()
            try expect(UInt8(ascii: ":"))
            let isKept = kept && wanted?.contains(name) ?? true
            let value = try value(depth: depth + 1, kept: isKept)
            if isKept { fields[name] = value }
        } while try goesOn(UInt8(ascii: "}"))
        return fields
    }

    // MARK: Numbers and texts

    private mutating func digits() -> Int {
        let start = at
        while let byte = next, byte.isDigit { at += 1 }
        return at - start
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        let isZero = next == UInt8(ascii: "0")
        let count = digits()
        guard count > 0, !isZero || count == 1 else { throw wrong("it is no JSON") }
        if next == UInt8(ascii: ".") {
            at += 1
            guard digits() > 0 else { throw wrong("it is no JSON") }
        }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            at += 1
            if let sign = next, sign.isOne(of: "+-") { at += 1 }
            guard digits() > 0 else { throw wrong("it is no JSON") }
        }
        return .number(Name(String(decoding: bytes[start..<at], as: UTF8.self)))
    }

    /// - Parameter kept: whether what it says is wanted.
    private mutating func text(kept: Bool) throws(JSONError) -> Name {
        try expect(UInt8(ascii: "\""))
        let start = at
        var escapes = false
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw wrong("it has a control character in a text") }
            if byte == UInt8(ascii: "\\") {
                escapes = true
                at += 1
                try skipEscape()
            } else {
                at += 1
            }
        }
        let end = at
        try expect(UInt8(ascii: "\""))
        guard kept else { return "" }
        return Name(
            escapes ? JSONEscapes.text(bytes[start..<end]) : String(decoding: bytes[start..<end], as: UTF8.self))
    }

    private mutating func skipEscape() throws(JSONError) {
        guard let byte = next, byte.isOne(of: "\"\\/bfnrtu") else { throw wrong("it is no JSON") }
        at += 1
        guard byte == UInt8(ascii: "u") else { return }
        for _ in 0..<4 {
            guard let digit = next, JSONEscapes.value(digit) != nil else { throw wrong("it is no JSON") }
            at += 1
        }
    }
}
