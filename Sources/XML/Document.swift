import CLibXML2

/// An XML document, read strictly: to be looked at, edited in place, and printed.
///
/// Nothing is fetched, substituted or repaired: XML that is broken, too large or has a document type declaration is
/// refused, in time and memory bounded by its size. A prefix that was never declared is kept as part of the name, as
/// libvirt does. Not `Sendable`: a document stays on one thread, many threads may have documents.
package final class Document {
    /// libvirt's own bound on a document that comes over the wire is 4 MiB (`VIR_NET_MESSAGE_STRING_MAX`).
    package static let maximumBytes = 8 << 20

    let raw: UnsafeMutablePointer<xmlDoc>
    private(set) var rootNode: NodePointer
    private let prolog: Prolog
    /// Nodes taken out of the tree: they live as long as the document, since an `Element` may still point to them.
    private var detached: [NodePointer] = []

    /// Reads a document. Throws `XMLError` of kind `notWellFormed`, `tooLarge` or `forbidden`, with the line where known.
    package convenience init(parsing text: String, maximumBytes: Int = Document.maximumBytes) throws(XMLError) {
        let prolog = Prolog(text)
        let raw = try Parser.parse(text, maximumBytes: maximumBytes)
        try self.init(adopting: raw, prolog: prolog)
    }

    /// Reads a part of a document, only to look at it: comments and processing instructions are left out too. The whole
    /// document has to be well-formed all the same.
    package convenience init(parsing text: String, only part: Part) throws(XMLError) {
        let raw = try Parser.parse(text, maximumBytes: Document.maximumBytes, part: part)
        try self.init(adopting: raw, prolog: Prolog(text))
    }

    /// Reads a document from bytes, which must be UTF-8 whatever its XML declaration says.
    package convenience init(parsing bytes: [UInt8], maximumBytes: Int = Document.maximumBytes) throws(XMLError) {
        guard bytes.count <= maximumBytes else { throw Parser.tooLarge(maximumBytes) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw XMLError(.notWellFormed, "the text is not UTF-8")
        }
        try self.init(parsing: text, maximumBytes: maximumBytes)
    }

    private init(adopting raw: UnsafeMutablePointer<xmlDoc>, prolog: Prolog) throws(XMLError) {
        guard let root = xmlDocGetRootElement(raw) else {
            xmlFreeDoc(raw)
            throw XMLError(.notWellFormed, "the document has no element")
        }
        self.raw = raw
        self.rootNode = root
        self.prolog = prolog
    }

    deinit {
        for node in detached { xmlFreeNode(node) }
        xmlFreeDoc(raw)
    }

    /// The outermost element.
    package var root: Element { Element(rootNode, of: self) }

    /// The same document again, with nothing in common.
    package func copy() -> Document {
        // Only a document without a root is refused by the initialiser, and only lack of memory ends the copy.
        guard let copy = xmlCopyDoc(raw, 1), let document = try? Document(adopting: copy, prolog: prolog) else {
            preconditionFailure("out of memory")
        }
        return document
    }

    /// The document as it stands: white space, comments, CDATA, order and namespaces as they were read or edited. libxml2
    /// writes namespace declarations before attributes, those in double quotes with one blank between, empty elements as
    /// `<a/>`, and each node outside the root on a line of its own.
    package func serialized() -> String {
        prolog.declaration + Printer.print(raw, formatted: false, finalNewline: prolog.endsWithNewline)
    }

    /// The document for plans, journal and diffs: blanks dropped, two spaces for each level, no XML declaration, a newline
    /// at the end. The same for every way to lay out the same document, and its own canonical form.
    package func canonical() -> String { Printer.canonical(xmlCopyDoc(raw, 1)) }

    /// The canonical form of a text that is looked at for that alone. Throws as `Document(parsing:)` does.
    package static func canonical(of text: String) throws(XMLError) -> String {
        let raw = try Parser.parse(text, maximumBytes: maximumBytes)
        guard xmlDocGetRootElement(raw) != nil else {
            xmlFreeDoc(raw)
            throw XMLError(.notWellFormed, "the document has no element")
        }
        return Printer.canonical(raw)
    }

    /// Makes libxml2 silent, also for others in this process. Done by itself before the first document; whoever calls others
    /// that read XML calls it before them, and before there are more threads.
    package static func silenceLibrary() { Library.start() }

    /// Takes a node out of the tree, and keeps it.
    func detach(_ node: NodePointer) {
        xmlUnlinkNode(node)
        keep(node)
    }

    /// Keeps a node that is not in the tree. It declares itself the namespaces that were declared around it.
    func keep(_ node: NodePointer) {
        if node.pointee.type == XML_ELEMENT_NODE { xmlReconciliateNs(raw, node) }
        detached.append(node)
    }

    /// Puts another node in the place of one, which is kept.
    func exchange(_ node: NodePointer, for replacement: NodePointer) {
        xmlReplaceNode(node, replacement)
        keep(node)
        if node == rootNode { rootNode = replacement }
    }
}
