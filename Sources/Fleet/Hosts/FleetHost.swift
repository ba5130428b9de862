package import Text

/// One host of a fleet: what people call it, and how libvirt gets there.
package struct FleetHost: Sendable, Equatable {
    /// As it was given.
    package let name: Name
    /// A URI, or a name that libvirt itself has a URI for.
    @Bytewise package private(set) var uri: String

    package init(_ name: Name, uri: String) {
        self.name = name
        self.uri = uri
    }

    /// A URI, one of libvirt's own names for one, or a machine's name: `kvm7`, `root@kvm7`, `kvm7:2222`, an address.
    ///
    /// - Throws: for what can be none of these.
    package init(_ word: String, aliases: Set<Name>) throws(HostListError) {
        name = Name(word)
        if aliases.contains(name) {
            uri = word
        } else if word.contains(bytes: ":/") {
            try Self.checkURI(word)
            uri = word
        } else {
            uri = try Self.sshURI(word)
        }
    }

    private static func checkURI(_ word: String) throws(HostListError) {
        // libvirt reads no more of it than up to a control character, or refuses it in other words.
        guard word.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), !word.hasPrefix(bytes: "-") else {
            throw HostListError("\(word) is no URI: it has a blank or a control character")
        }
    }

    private static func sshURI(_ word: String) throws(HostListError) -> String {
        let (user, server) = word.cut(atLast: "@") ?? ("", word[...])
        guard user.utf8.allSatisfy({ isOfUser($0) }), !user.hasPrefix(bytes: "-"), word.utf8.first != UInt8(ascii: "@")
        else { throw HostListError("\(word) is no name of a host") }
        return ssh(user: user.isEmpty ? nil : String(user), host: try host(server, word), port: nil)
    }

    /// Over ssh, without a question on the terminal: where a key does not do, the host is said not to answer.
    static func ssh(user: String?, host: String, port: String?) -> String {
        "qemu+ssh://\(user.map { $0 + "@" } ?? "")\(host)\(port.map { ":" + $0 } ?? "")/system?no_tty=1"
    }

    /// A machine's name or address as it stands in a URI, with its port if it has one.
    static func host(_ text: Substring, _ word: String) throws(HostListError) -> String {
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        if colons > 1 {
            let address = text.without(prefix: "[")?.without(suffix: "]") ?? text
            guard address.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0.isOne(of: ":.%") }) else {
                throw HostListError("\(word) is no name of a host")
            }
            return "[\(address)]"
        }
        let (name, port) = text.cut(at: ":") ?? (text, "22")
        guard let first = name.utf8.first, first.isLetter || first.isDigit,
            name.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0.isOne(of: ".-_") }), isPort(port)
        else { throw HostListError("\(word) is no name of a host") }
        return String(text)
    }

    static func isPort(_ text: some StringProtocol) -> Bool {
        Int(digits: text).map { (1...65_535).contains($0) } ?? false
    }

    static func isOfUser(_ byte: UInt8) -> Bool { byte.isLetter || byte.isDigit || byte.isOne(of: "._-+") }
}
