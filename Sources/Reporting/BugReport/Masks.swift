package import Text

/// What stands in a report for names, MACs, UUIDs and IP addresses: the same for the same everywhere, another for another.
///
/// Names are known beforehand and found where they stand as words; MACs, UUIDs and IP addresses are found by their form.
package final class Masks {
    package enum Kind: String, CaseIterable, Sendable {
        case guest, pool, network, portgroup, bridge, netdev, alias, host, dnsDomain = "domain", user, text
    }

    /// A name that must not be told, and other ways in which it is written.
    package struct Word: Sendable {
        package var kind: Kind
        package var name: Name
        package var spellings: [String]

        package init(_ kind: Kind, _ name: Name, spellings: [String] = []) {
            self.kind = kind
            self.name = name
            self.spellings = spellings
        }
    }

    /// In the order in which they were made: what is masked, and by what.
    package private(set) var made: [(name: Name, mask: String)] = []
    private var known: [Name: String] = [:]
    /// Names that were not known beforehand: where one stands alone it is masked, and not in other texts.
    private var met: [Name: String] = [:]
    /// Those that are no plain words, by their first byte, the longest first.
    private var odd: [UInt8: [(name: Name, mask: String)]] = [:]
    private var longest = 0
    private var issued: Set<Name> = []
    private var counts: [Kind: Int] = [:]
    private var forms: [Name: Int] = [:]
    private var formCounts: [TellingForm.Kind: Int] = [:]
    private var issuedForms: Set<Name> = []
    private let real: Set<Name>

    package init(_ words: [Word]) {
        real = Set(words.map(\.name))
        for word in words where known[word.name] == nil && !word.name.isEmpty {
            let mask = make(word.kind, word.name)
            note(word.name, mask)
            for spelling in word.spellings { note(Name(spelling), mask) }
        }
        for key in odd.keys { odd[key]?.sort { $0.name.string.utf8.count > $1.name.string.utf8.count } }
    }

    private func note(_ name: Name, _ mask: String) {
        guard known[name] == nil, let first = name.string.utf8.first else { return }
        known[name] = mask
        longest = max(longest, name.string.utf8.count)
        if !name.string.utf8.allSatisfy(\.isPlain) { odd[first, default: []].append((name, mask)) }
    }

    /// - Returns: a mask that is nobody's name.
    private func make(_ kind: Kind, _ name: Name) -> String {
        if let form = wholeForm(Array(name.string.utf8)) { return form }
        while true {
            counts[kind, default: 0] += 1
            let mask = "\(kind.rawValue)-\(counts[kind] ?? 0)"
            guard !real.contains(Name(mask)) else { continue }
            issued.insert(Name(mask))
            made.append((name, mask))
            return mask
        }
    }

    // MARK: Masking

    /// Of a whole value that is a name: it is masked also where it was not known.
    package func name(_ name: Name, _ kind: Kind) -> Name {
        if name.isEmpty || issued.contains(name) { return name }
        if let mask = known[name] ?? met[name] { return Name(mask) }
        let mask = make(kind, name)
        met[name] = mask
        return Name(mask)
    }

    /// Of any text: what is known in it, and what is told by its form.
    package func text(_ text: String) -> String {
        if let mask = known[Name(text)] { return mask }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            if let (length, mask) = found(at, bytes) {
                result += mask.utf8
                at += length
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The longest thing to mask that begins here.
    private func found(_ at: Int, _ bytes: [UInt8]) -> (length: Int, mask: String)? {
        let word = word(at, bytes)
        if let form = TellingForm.at(at, of: bytes), form.length >= word?.length ?? 0 {
            return (form.length, mask(form, Array(bytes[at..<(at + form.length)])))
        }
        return word ?? user(at, bytes)
    }

    private func word(_ at: Int, _ bytes: [UInt8]) -> (length: Int, mask: String)? {
        let isStart = at == 0 || !bytes[at - 1].isOfWord
        if isStart {
            let run = bytes[at...].prefix(longest + 1).prefix(while: \.isPlain)
            var end = run.endIndex
            while end > at {
                let isEnd = end == bytes.count || !bytes[end].isOfWord || !bytes[end - 1].isOfWord
                if isEnd {
                    let name = Name(String(decoding: bytes[at..<end], as: UTF8.self))
                    if issued.contains(name) { return (end - at, name.string) }
                    if let mask = known[name], !isShort(name) || followsNoun(at, bytes) { return (end - at, mask) }
                }
                end -= 1
            }
        }
        for (name, mask) in odd[bytes[at]] ?? [] where bytes[at...].starts(with: name.string.utf8) {
            let end = at + name.string.utf8.count
            guard isStart || !bytes[at].isOfWord,
                end == bytes.count || !bytes[end].isOfWord || !bytes[end - 1].isOfWord,
                !isShort(name) || followsNoun(at, bytes)
            else { continue }
            return (end - at, mask)
        }
        return nil
    }

    /// A name that tells nothing, and that sentences are full of: a number, a letter, a quote.
    private func isShort(_ name: Name) -> Bool {
        name.string.utf8.count < 3 || !name.string.utf8.contains { $0.isOfWord && !$0.isDigit }
    }

    private func followsNoun(_ at: Int, _ bytes: [UInt8]) -> Bool {
        ["guest ", "pool ", "network ", "portgroup ", "bridge ", "host "].contains {
            at >= $0.utf8.count && bytes[(at - $0.utf8.count)..<at].elementsEqual($0.utf8)
        }
    }

    /// The owner of a folder of people's.
    private func user(_ at: Int, _ bytes: [UInt8]) -> (length: Int, mask: String)? {
        guard at >= 6, bytes[(at - 6)..<at].elementsEqual("/home/".utf8) else { return nil }
        let run = bytes[at...].prefix { $0 >= 0x80 || $0.isPlain }
        guard !run.isEmpty else { return nil }
        return (run.count, name(Name(String(decoding: run, as: UTF8.self)), .user).string)
    }

    // MARK: By form

    /// Of a value that is nothing but a MAC, UUID or IP address.
    package func form(_ value: String) -> String? { wholeForm(Array(value.utf8)) }

    private func wholeForm(_ bytes: [UInt8]) -> String? {
        guard !bytes.isEmpty, let form = TellingForm.at(0, of: bytes), form.length == bytes.count else { return nil }
        return mask(form, bytes)
    }

    /// Numbers instead, of the same form; what stands for none or for this machine tells nothing, and stays.
    private func mask(_ form: TellingForm, _ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self).asciiLowercased
        let digits = String(decoding: text.utf8.filter(\.isHexadecimal), as: UTF8.self)
        if Set(digits.utf8).isSubset(of: [UInt8(ascii: "0")]) || Set(digits.utf8) == [UInt8(ascii: "f")] { return text }
        if form.kind == .ipv4 && text.hasPrefix(bytes: "127.") || text.isSame(as: "::1") { return text }
        // What is masked already.
        if issuedForms.contains(Name(text)) { return text }
        let key = Self.key(form.kind, text)
        let number: Int
        if let known = forms[key] {
            number = known
        } else {
            number = unused(form.kind, text)
            forms[key] = number
            made.append((Name(text), Self.written(number, form.kind, text)))
        }
        let mask = Self.written(number, form.kind, text)
        issuedForms.insert(Name(mask))
        return mask
    }

    /// - Returns: a number whose mask nothing was that has been masked.
    private func unused(_ kind: TellingForm.Kind, _ text: String) -> Int {
        while true {
            formCounts[kind == .bareUUID ? .uuid : kind, default: 0] += 1
            let number = formCounts[kind == .bareUUID ? .uuid : kind] ?? 0
            if forms[Self.key(kind, Self.written(number, kind, text))] == nil { return number }
        }
    }

    /// With and without separators it is the same.
    private static func key(_ kind: TellingForm.Kind, _ text: String) -> Name {
        if kind == .ipv4 || kind == .ipv6 { return Name("\(kind) " + text) }
        let digits = String(decoding: text.utf8.filter(\.isHexadecimal), as: UTF8.self)
        return Name("\(kind == .bareUUID ? .uuid : kind) " + digits)
    }

    private static func written(_ number: Int, _ kind: TellingForm.Kind, _ text: String) -> String {
        switch kind {
        case .uuid: "00000000-0000-4000-8000-" + hexadecimal(number, 12)
        case .bareUUID: "00000000000040008000" + hexadecimal(number, 12)
        // Networks for documents and tests, which nobody has.
        case .ipv4: "198.\(18 + (number >> 16 & 1)).\(number >> 8 & 255).\(number & 255)"
        case .ipv6: "2001:db8::\(String(number & 0xFFFF, radix: 16))"
        case .hardware: hardware(number, text)
        }
    }

    /// One that an administrator gives; for many or for one, as it was.
    private static func hardware(_ number: Int, _ text: String) -> String {
        let separator = text.utf8.first { !$0.isHexadecimal }
        let pairs = separator.map { byte in text.utf8.count { $0 == byte } + 1 } ?? 6
        let isMulticast = UInt8(text.prefix(bytes: \.isHexadecimal).prefix(2), radix: 16).map { $0 & 1 == 1 } ?? false
        let digits = (isMulticast ? "03" : "02") + hexadecimal(number, 2 * pairs - 2)
        guard let separator else { return digits }
        var result: [UInt8] = []
        for (index, digit) in digits.utf8.enumerated() {
            if index > 0, index % 2 == 0 { result.append(separator) }
            result.append(digit)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func hexadecimal(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension UInt8 {
    /// As most names are made of; the rest is looked for one by one.
    fileprivate var isPlain: Bool { isLetter || isDigit || isOne(of: "._-") }
}
