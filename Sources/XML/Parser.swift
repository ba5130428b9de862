import CLibXML2

/// libxml2's parser behind bounds.
enum Parser {
    /// NONET: fetch nothing. IGNORE_ENC: a Swift string is UTF-8, whatever the declaration says. BIG_LINES: lines beyond
    /// 65,535. No NOENT, DTDLOAD, RECOVER or HUGE: nothing substituted, loaded or repaired, libxml2's own bounds in force.
    private static let options = Int32(
        XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_BIG_LINES.rawValue)

    static func tooLarge(_ maximumBytes: Int) -> XMLError {
        XMLError(.tooLarge, "the document has more than \(maximumBytes) bytes")
    }

    /// The caller owns the result.
    static func parse(
        _ text: String, maximumBytes: Int, part: Part? = nil
    ) throws(XMLError) -> UnsafeMutablePointer<xmlDoc> {
        var text = text
        let size = text.utf8.count
        guard size <= maximumBytes, size <= Int(Int32.max) else { throw tooLarge(maximumBytes) }
        let outcome = text.withUTF8 { bytes in
            Result { () throws(XMLError) in
                try Limits.check(bytes)
                return try parse(bytes, part)
            }
        }
        return try outcome.get()
    }

    private static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, _ part: Part?
    ) throws(XMLError) -> UnsafeMutablePointer<xmlDoc> {
        var bytes = bytes[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        var guarded = vfpool_guard()
        guarded.maximum_depth = Limits.depth
        guarded.maximum_namespaces = Limits.namespaces

        let (document, problems) = Diagnostics.collected { () -> UnsafeMutablePointer<xmlDoc>? in
            guard let parser = xmlNewParserCtxt() else { return nil }
            defer { xmlFreeParserCtxt(parser) }
            return withUnsafeMutablePointer(to: &guarded) { guarded in
                Part.withPointers(part) { parent, kept in
                    guarded.pointee.parent = parent
                    guarded.pointee.kept = kept
                    vfpool_guard_parser(parser, guarded)
                    return UnsafeBufferPointer(rebasing: bytes).withMemoryRebound(to: CChar.self) { text in
                        xmlCtxtReadMemory(parser, text.baseAddress, Int32(text.count), nil, nil, options)
                    }
                }
            }
        }

        if let refusal = refusal(guarded) {
            xmlFreeDoc(document)
            throw refusal
        }
        guard let document else {
            throw XMLError(
                .notWellFormed, problems.first?.message ?? "the text is not XML", line: problems.first?.line,
                problems: problems.map(\.message))
        }
        return document
    }

    private static func refusal(_ guarded: vfpool_guard) -> XMLError? {
        let line = Int(guarded.line)
        return switch guarded.refusal {
        case VFPOOL_DOCTYPE: XMLError(.forbidden, "a document type declaration is not accepted", line: line)
        case VFPOOL_DEPTH: XMLError(.tooLarge, "elements are nested more than \(Limits.depth) deep", line: line)
        case VFPOOL_NAMESPACES: XMLError(.tooLarge, "more than \(Limits.namespaces) namespaces at once", line: line)
        case VFPOOL_NAMESPACE:
            XMLError(.forbidden, "a namespace with `&`, `<`, a tab or a line break in it can't be written", line: line)
        default: nil
        }
    }
}
