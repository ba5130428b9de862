import CLibXML2

/// Where the last child of an element goes, and the white space around it.
struct Layout {
    private let parent: NodePointer
    /// Before the child; nil where nothing is indented.
    private let before: String?
    /// Between the child and the end tag, if there is nothing yet.
    private let after: String?
    /// The white space before the end tag, which the child goes before.
    private let closing: NodePointer?

    var indentation: String { before.map(Blanks.lastLine) ?? "" }

    init(forLastChildOf parent: NodePointer) {
        self.parent = parent
        let children = Array(Siblings(parent.pointee.children))
        closing = children.last.flatMap { Blanks.isBlank($0) ? $0 : nil }
        if !children.isEmpty, !children.allSatisfy(Blanks.isBlank) {
            // Like the children there are.
            before = Blanks.areLayout(in: parent) ? children.lazy.compactMap(Blanks.before).first : nil
            after = nil
        } else {
            // One level below the parent. The root says nothing of the layout: it starts a line of its own.
            let isRoot = parent.pointee.parent?.pointee.type != XML_ELEMENT_NODE
            let indentation = Blanks.before(parent).map(Blanks.lastLine) ?? (isRoot ? "" : nil)
            before = indentation.map { "\n" + $0 + "  " }
            after = closing == nil ? indentation.map { "\n" + $0 } : nil
        }
    }

    func append(_ node: NodePointer) {
        if let closing { xmlAddPrevSibling(closing, node) } else { xmlAddChild(parent, node) }
        if let before { xmlAddPrevSibling(node, xmlNewDocText(parent.pointee.doc, before)) }
        if let after { xmlAddNextSibling(node, xmlNewDocText(parent.pointee.doc, after)) }
    }
}
