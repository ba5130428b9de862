import CLibXML2

/// libxml2's serializer, in UTF-8.
enum Printer {
    /// The document without an XML declaration.
    static func print(_ document: UnsafeMutablePointer<xmlDoc>, formatted: Bool, finalNewline: Bool) -> String {
        guard let buffer = xmlBufferCreate() else { preconditionFailure("out of memory") }
        defer { xmlBufferFree(buffer) }
        var options = XML_SAVE_AS_XML.rawValue | XML_SAVE_NO_DECL.rawValue
        if formatted { options |= XML_SAVE_FORMAT.rawValue }
        // With the encoding left open, libxml2 would write everything beyond ASCII as character references.
        if let output = xmlSaveToBuffer(buffer, "UTF-8", Int32(options)) {
            xmlSaveDoc(output, document)
            xmlSaveClose(output)
        }
        var length = Int(xmlBufferLength(buffer))
        let content = xmlBufferContent(buffer)
        if !finalNewline, length > 0, content?[length - 1] == UInt8(ascii: "\n") { length -= 1 }
        return String(decoding: UnsafeBufferPointer(start: content, count: length), as: UTF8.self)
    }

    /// Takes over a document, drops its blanks, and prints it with indentation.
    static func canonical(_ document: UnsafeMutablePointer<xmlDoc>?) -> String {
        guard let document else { preconditionFailure("out of memory") }
        defer { xmlFreeDoc(document) }
        if let root = xmlDocGetRootElement(document) { dropBlanks(root) }
        return print(document, formatted: true, finalNewline: true)
    }

    /// Drops blank text between elements. What holds words is left as it is, with all below it, and so is what asks for
    /// that with `xml:space`: there a text of no characters keeps libxml2 from indenting.
    private static func dropBlanks(_ node: NodePointer) {
        guard Blanks.areLayout(in: node) else {
            xmlAddChild(node, xmlNewDocText(node.pointee.doc, ""))
            return
        }
        for child in Siblings(node.pointee.children) {
            if child.pointee.type == XML_ELEMENT_NODE {
                dropBlanks(child)
            } else if Blanks.isBlank(child) {
                xmlUnlinkNode(child)
                xmlFreeNode(child)
            }
        }
    }
}
