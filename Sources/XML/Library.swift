import CLibXML2

typealias NodePointer = UnsafeMutablePointer<xmlNode>

/// libxml2 itself: started once for the process, and its strings.
enum Library {
    /// A `static let` is run once, whichever thread comes first.
    private static let started: Void = vfpool_start()

    static func start() { _ = started }

    /// A string that libxml2 allocated for us; it is freed.
    static func take(_ text: UnsafeMutablePointer<xmlChar>?) -> String? {
        guard let text else { return nil }
        defer { vfpool_xml_free(text) }
        return String(cString: text)
    }

    /// A string that libxml2 keeps.
    static func read(_ text: UnsafePointer<xmlChar>?) -> String? {
        text.map { String(cString: $0) }
    }

    /// The text as XML 1.0 can hold it: characters it has no way to write become U+FFFD, so no value breaks a document.
    static func writable(_ text: String) -> String {
        guard !isWritable(text) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(isWritable(scalar) ? scalar : "\u{FFFD}") }
        return String(result)
    }

    static func isWritable(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isWritable) }

    private static func isWritable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xFFFD, 0x1_0000...: true
        default: false
        }
    }
}
