package import Text

/// The hosts of a fleet, in the order in which they were given.
package struct HostList: Sendable, Equatable {
    /// More are refused: somebody has mistyped a range.
    package static let most = 10_000

    package private(set) var hosts: [FleetHost] = []
    /// Those that were named more than once; they are asked once.
    package private(set) var doubles: [Name] = []
    private var known: Set<Name> = []

    /// Names with commas between them: `kvm[1-40],db1`.
    ///
    /// - Parameter aliases: names for which libvirt has a URI.
    package init(names: String, aliases: Set<Name>) throws(HostListError) {
        for word in Self.words(names) {
            do throws(HostListError) {
                try add(String(word), aliases)
            } catch {
                throw HostListError(error.message)
            }
        }
        try check()
    }

    /// What a file holds: a host or URI a line, with comments, or the JSON of `ansible-inventory --list`.
    package init(file bytes: [UInt8], aliases: Set<Name>) throws(HostListError) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw HostListError("it is not UTF-8") }
        if text.trimmed.hasPrefix(bytes: "{") {
            for host in try AnsibleInventory(bytes).hosts(aliases: aliases) { add(host) }
        } else if text.trimmed.hasPrefix(bytes: "["), (try? JSONReader.read(bytes)) != nil {
            throw HostListError("it is a list of JSON, and no inventory: `ansible-inventory --list` prints an object")
        } else {
            for (index, line) in text.lines.enumerated() {
                do throws(HostListError) {
                    for word in try Self.words(ofLine: line) { try add(word, aliases) }
                } catch {
                    throw HostListError(error.message, line: index + 1)
                }
            }
        }
        try check()
    }

    private func check() throws(HostListError) {
        if hosts.isEmpty { throw HostListError("there is no host in it") }
        if hosts.count > Self.most { throw HostListError("there are more than \(Self.most) hosts in it") }
    }

    private mutating func add(_ word: String, _ aliases: Set<Name>) throws(HostListError) {
        for name in try HostRange.expanded(word, most: Self.most) { add(try FleetHost(name, aliases: aliases)) }
        guard hosts.count <= Self.most else { throw HostListError("there are more than \(Self.most) hosts") }
    }

    private mutating func add(_ host: FleetHost) {
        if known.insert(host.name).inserted {
            hosts.append(host)
        } else if !doubles.contains(host.name) {
            doubles.append(host.name)
        }
    }

    /// A URI is a line of its own: commas belong to it.
    private static func words(ofLine line: Substring) throws(HostListError) -> [String] {
        let text = withoutComment(line).trimmed
        guard text.words.count <= 1 else {
            throw HostListError("\(text): more than one word, and a line has one host or URI")
        }
        return text.contains(bytes: "://") ? [String(text)] : words(String(text)).map(String.init)
    }

    /// A `#` begins a comment at a line's start and behind a blank.
    private static func withoutComment(_ line: Substring) -> Substring {
        var previous = UInt8(ascii: " ")
        for index in line.utf8.indices {
            if line.utf8[index] == UInt8(ascii: "#"), previous.isBlank { return line[..<index] }
            previous = line.utf8[index]
        }
        return line
    }

    /// The parts between commas, but for those within brackets.
    private static func words(_ text: String) -> [Substring] {
        var words: [Substring] = []
        var start = text.startIndex
        var isOpen = false
        for index in text.utf8.indices {
            switch text.utf8[index] {
            case UInt8(ascii: "["): isOpen = true
            case UInt8(ascii: "]"): isOpen = false
            case UInt8(ascii: ",") where !isOpen:
                words.append(text[start..<index])
                start = text.utf8.index(after: index)
            default: break
            }
        }
        words.append(text[start...])
        return words.map(\.trimmed).filter { !$0.isEmpty }
    }
}
