import CLibXML2
import Text

/// White space between elements: what of it may be touched, and what indentation it stands for.
enum Blanks {
    /// A text node of white space only.
    static func isBlank(_ node: NodePointer?) -> Bool {
        guard let node, node.pointee.type == XML_TEXT_NODE else { return false }
        return xmlIsBlankNode(node) == 1
    }

    /// Whether white space in this element is mere layout: it holds other nodes and no words, and does not say otherwise.
    static func areLayout(in node: NodePointer) -> Bool {
        var holdsNodes = false
        for child in Siblings(node.pointee.children) {
            switch child.pointee.type {
            case XML_TEXT_NODE where isBlank(child): continue
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE, XML_ENTITY_REF_NODE: return false
            default: holdsNodes = true
            }
        }
        return (holdsNodes || node.pointee.children == nil) && xmlNodeGetSpacePreserve(node) != 1
    }

    /// The white space before a node that starts its line; nil if the node follows something on the same line.
    static func before(_ node: NodePointer) -> String? {
        guard let blank = node.pointee.prev, isBlank(blank), let text = Library.read(blank.pointee.content),
            text.utf8.contains(UInt8(ascii: "\n"))
        else { return nil }
        return text
    }

    /// How far the node's line is indented; where it follows something on its line, its end tag's line tells.
    static func indentation(of node: NodePointer) -> String {
        if let blank = before(node) { return lastLine(of: blank) }
        guard let last = node.pointee.last, isBlank(last) else { return "" }
        return Library.read(last.pointee.content).map(lastLine) ?? ""
    }

    static func lastLine(of blank: String) -> String {
        guard let newline = blank.utf8.lastIndex(of: UInt8(ascii: "\n")) else { return "" }
        return String(blank[blank.utf8.index(after: newline)...])
    }

    /// Moves a subtree's inner lines from one indentation to another; words are left alone.
    static func indent(_ node: NodePointer, from old: String, to new: String) {
        guard old != new, areLayout(in: node) else { return }
        for child in Siblings(node.pointee.children) {
            if child.pointee.type == XML_ELEMENT_NODE {
                indent(child, from: old, to: new)
            } else if isBlank(child), let blank = Library.read(child.pointee.content) {
                let line = lastLine(of: blank)
                guard blank.utf8.contains(UInt8(ascii: "\n")), let deeper = line.without(prefix: old),
                    let before = blank.without(suffix: line)
                else { continue }
                xmlNodeSetContent(child, before + new + deeper)
            }
        }
    }
}
