import CLibXML2

/// Editing in place. What an edit does not name survives: comments, processing instructions, foreign namespaces, order.
/// White space follows the lines around it, so that a document that was indented stays so, and one that was not too.
extension Element {
    /// A copy of this subtree that belongs to another document, in no place of its tree.
    @discardableResult
    package func copied(into other: Document) -> Element {
        let copy = cloned(into: other, below: nil, indentation: "")
        other.keep(copy)
        return Element(copy, of: other)
    }

    /// Puts a copy of a subtree, which may be of another document, at the end of this element, and returns the copy.
    @discardableResult
    package func append(_ original: Element) -> Element {
        let layout = Layout(forLastChildOf: node)
        return link(original.cloned(into: document, below: node, indentation: layout.indentation)) { layout.append($0) }
    }

    /// Puts a copy of a subtree before a child of this element, and returns the copy. It goes to the end if the child is
    /// another's.
    @discardableResult
    package func insert(_ original: Element, before child: Element) -> Element {
        guard child.parent == self else { return append(original) }
        let blank = Blanks.before(child.node)
        let copy = original.cloned(
            into: document, below: node, indentation: Blanks.indentation(of: child.node))
        return link(copy) {
            // White space that starts no line stays the child's: with the copy, remove() would take it.
            let place =
                if blank == nil, let prev = child.node.pointee.prev, Blanks.isBlank(prev) { prev } else { child.node }
            xmlAddPrevSibling(place, $0)
            if let blank { xmlAddPrevSibling(child.node, xmlNewDocText(child.node.pointee.doc, blank)) }
        }
    }

    /// Puts a copy of a subtree after a child of this element, and returns the copy. It goes to the end if the child is
    /// another's.
    @discardableResult
    package func insert(_ original: Element, after child: Element) -> Element {
        guard child.parent == self else { return append(original) }
        let blank = Blanks.before(child.node)
        let copy = original.cloned(
            into: document, below: node, indentation: Blanks.indentation(of: child.node))
        return link(copy) {
            xmlAddNextSibling(child.node, $0)
            if let blank { xmlAddPrevSibling($0, xmlNewDocText(child.node.pointee.doc, blank)) }
        }
    }

    /// Puts a copy of a subtree in the place of this element, and returns the copy.
    @discardableResult
    package func replace(with original: Element) -> Element {
        let copy = original.cloned(
            into: document, below: node.pointee.parent, indentation: Blanks.indentation(of: node))
        return link(copy) { document.exchange(node, for: $0) }
    }

    /// Takes this element out, with the white space before it. Of an element that held nothing else, `<a/>` is left.
    /// The root stays: a document without one is none.
    package func remove() {
        guard let parent = node.pointee.parent, parent.pointee.type == XML_ELEMENT_NODE else { return }
        if let blank = node.pointee.prev, Blanks.isBlank(blank) { document.detach(blank) }
        document.detach(node)
        if let rest = parent.pointee.children, rest.pointee.next == nil, Blanks.isBlank(rest) { document.detach(rest) }
    }

    /// Makes an empty element in no namespace, before a child or else at the end, and returns it.
    @discardableResult
    package func addChild(_ name: String, before child: Element? = nil) -> Element {
        guard let made = xmlNewDocNode(document.raw, nil, name, nil) else { preconditionFailure("out of memory") }
        document.keep(made)
        let original = Element(made, of: document)
        return child.map { insert(original, before: $0) } ?? append(original)
    }

    /// Makes an empty element in this element's namespace, at the end and without white space around it: for a document that is
    /// made here and printed in its canonical form.
    @discardableResult
    package func add(_ name: String) -> Element {
        guard let made = xmlNewDocNode(document.raw, node.pointee.ns, name, nil) else {
            preconditionFailure("out of memory")
        }
        xmlAddChild(node, made)
        return Element(made, of: document)
    }

    /// A copy for a place below `parent`, its lines moved to the indentation there.
    private func cloned(into other: Document, below parent: NodePointer?, indentation: String) -> NodePointer {
        guard let copy = xmlDocCopyNode(node, other.raw, 1) else { preconditionFailure("out of memory") }
        Blanks.indent(copy, from: Blanks.indentation(of: node), to: indentation)
        // Below a default namespace, what is in none must say so.
        if let parent, copy.pointee.ns == nil, let inherited = xmlSearchNs(other.raw, parent, nil),
            inherited.pointee.href.pointee != 0
        {
            xmlNewNs(copy, "", nil)
        }
        return copy
    }

    /// Puts a copy in its place, where it uses the namespaces declared there rather than its own declarations of them.
    private func link(_ copy: NodePointer, _ place: (NodePointer) -> Void) -> Element {
        place(copy)
        let removeRedundant: Int32 = 1  // XML_DOM_RECONNS_REMOVEREDUND, which no header has
        xmlDOMWrapReconcileNamespaces(nil, copy, removeRedundant)
        return Element(copy, of: document)
    }
}
