import Text

/// Where changes are made: a libvirt, by its URI, on a host.
package struct ChangeHost: Sendable {
    package let uri: String
    /// The host that the URI leads to now, as far as it is known.
    package let host: HostIdentity?

    package init(uri: String, host: HostIdentity?) {
        self.uri = uri
        self.host = host
    }

    /// Whether a change was made here.
    ///
    /// Where the host is not known, now or then, the URI decides: journals of earlier vfpools name no hosts.
    package func isOrigin(of header: EntryHeader) -> Bool {
        let isSameURI = header.uri.isSame(as: uri)
        guard isSameURI || Self.isSystem(uri) && Self.isSystem(header.uri) else { return false }
        return isSameHost(as: header) ?? isSameURI
    }

    /// nil where it can't be told.
    package func isSameHost(as header: EntryHeader) -> Bool? {
        guard let host, let other = header.host else { return nil }
        return other.isSame(as: host)
    }

    /// Whether this is the one QEMU driver that a whole machine has, however it is reached.
    private static func isSystem(_ uri: String) -> Bool {
        let text = uri.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let scheme = text.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "+") }
        guard scheme.elementsEqual("qemu".utf8) else { return false }
        let path = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst(3)
        return path.count == 1 && path.first?.elementsEqual("system".utf8) ?? false
    }
}
