import CLibXML2
package import Text

/// An element of a document, which it keeps alive. Two are equal if they are the same node.
///
/// An element taken out of its document stays readable; it has no parent.
package struct Element: Equatable {
    let node: NodePointer
    package let document: Document

    init(_ node: NodePointer, of document: Document) {
        self.node = node
        self.document = document
    }

    package static func == (left: Element, right: Element) -> Bool { left.node == right.node }

    /// The local name, without a prefix.
    package var name: String { Library.read(node.pointee.name) ?? "" }

    /// The namespace, nil if it is in none.
    package var namespaceURI: String? { node.pointee.ns.flatMap { Library.read($0.pointee.href) } }

    /// The line in the text it was read from; 0 if it was made since.
    package var line: Int { max(0, xmlGetLineNo(node)) }

    /// The attribute of that name in no namespace. Setting nil removes it; a new one comes last. libxml2 escapes the value.
    package subscript(attribute name: String) -> String? {
        get { Library.take(xmlGetNoNsProp(node, name)) }
        nonmutating set {
            if let newValue {
                xmlSetNsProp(node, nil, name, Library.writable(newValue))
            } else {
                xmlUnsetNsProp(node, nil, name)
            }
        }
    }

    /// The attribute of that name in no namespace, where it says what something is called.
    package subscript(name attribute: String) -> Name? {
        get { self[attribute: attribute].map { Name($0) } }
        nonmutating set { self[attribute: attribute] = newValue?.string }
    }

    /// All attributes in order; one in a namespace has its prefix before its name. Namespace declarations are none.
    package var attributes: [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        var next = node.pointee.properties
        while let attribute = next {
            let name = Library.read(attribute.pointee.name) ?? ""
            let prefix = attribute.pointee.ns.flatMap { Library.read($0.pointee.prefix) }
            let value = Library.take(xmlNodeListGetString(node.pointee.doc, attribute.pointee.children, 1)) ?? ""
            result.append((prefix.map { "\($0):\(name)" } ?? name, value))
            next = attribute.pointee.next
        }
        return result
    }

    /// The elements directly below, in order.
    package var children: [Element] {
        Siblings(node.pointee.children).filter { $0.pointee.type == XML_ELEMENT_NODE }.map { Element($0, of: document) }
    }

    /// The element around it; nil for the root and for one that was taken out.
    package var parent: Element? {
        guard let parent = node.pointee.parent, parent.pointee.type == XML_ELEMENT_NODE else { return nil }
        return Element(parent, of: document)
    }

    /// The first child element of that local name, in that namespace or else in this element's: libvirt's own are in none.
    package func first(_ name: String, in namespace: String? = nil) -> Element? {
        Siblings(node.pointee.children).first { isChild($0, named: name, in: namespace) }.map {
            Element($0, of: document)
        }
    }

    /// The first descendant reached by following the first child of each name in turn that leads to the end.
    package func first(path: [String]) -> Element? {
        guard let name = path.first else { return self }
        for child in all(name) {
            if let found = child.first(path: Array(path.dropFirst())) { return found }
        }
        return nil
    }

    /// The child elements of that local name, in that namespace or else in this element's, in order.
    package func all(_ name: String, in namespace: String? = nil) -> [Element] {
        Siblings(node.pointee.children).filter { isChild($0, named: name, in: namespace) }.map {
            Element($0, of: document)
        }
    }

    /// All words inside, as they read once unescaped. Setting it replaces everything inside; libxml2 escapes the words.
    package var text: String {
        get { Library.take(xmlNodeGetContent(node)) ?? "" }
        nonmutating set {
            for child in Siblings(node.pointee.children) { document.detach(child) }
            guard !newValue.isEmpty else { return }
            xmlAddChild(node, xmlNewDocText(node.pointee.doc, Library.writable(newValue)))
        }
    }

    /// The words directly inside, without those of elements below.
    var ownText: String {
        Siblings(node.pointee.children).filter {
            $0.pointee.type == XML_TEXT_NODE || $0.pointee.type == XML_CDATA_SECTION_NODE
        }.compactMap { Library.read($0.pointee.content) }.joined()
    }

    /// This subtree as a document of its own is printed: see `Document.canonical()`. The namespaces it uses are declared.
    package func canonical() -> String { Printer.canonical(copiedAlone()) }

    /// A new document with a copy of this subtree as its root. The caller owns it.
    func copiedAlone() -> UnsafeMutablePointer<xmlDoc>? {
        guard let alone = xmlNewDoc("1.0"), let copy = xmlDocCopyNode(node, alone, 1) else { return nil }
        xmlDocSetRootElement(alone, copy)
        return alone
    }

    private func isChild(_ child: NodePointer, named name: String, in namespace: String?) -> Bool {
        guard child.pointee.type == XML_ELEMENT_NODE, xmlStrEqual(child.pointee.name, name) == 1 else { return false }
        let uri = child.pointee.ns?.pointee.href
        if let namespace { return xmlStrEqual(uri, namespace) == 1 }
        // Declared in one place it is one and the same; written twice it reads the same.
        return child.pointee.ns == node.pointee.ns || xmlStrEqual(uri, node.pointee.ns?.pointee.href) == 1
    }
}
