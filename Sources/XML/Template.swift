import CLibXML2

/// A complete document with stand-in values, each reached by a path and replaced through the DOM, so that any value is
/// escaped. Whatever else it holds is kept.
package struct Template: Sendable, Equatable {
    /// The file's name, for messages.
    package let name: String
    private let text: String

    /// Throws as `Document(parsing:)` does, naming the template.
    package init(_ text: String, name: String) throws(XMLError) {
        self.name = name
        self.text = text
        _ = try document()
    }

    /// A new document with every hole filled, the prefixes in their paths meaning what `namespaces` says.
    ///
    /// All paths are followed before anything is changed. One that does not match exactly once is an error that names the
    /// template: `noSuchNode`, `severalNodes` or `badPath`. `invalid`: a value with characters XML cannot hold.
    package func fill(_ holes: [Hole], namespaces: [String: String] = [:]) throws(XMLError) -> Document {
        let document = try document()
        var found: [(hole: Hole, node: NodePointer)] = []
        for hole in holes { found.append((hole, try target(of: hole, in: document, namespaces))) }
        for (hole, node) in found where hole.value != nil { Template.set(node, to: hole.value ?? "", in: document) }
        for (hole, node) in found where hole.value == nil { Template.remove(node, from: document) }
        return document
    }

    private func document() throws(XMLError) -> Document {
        do throws(XMLError) {
            return try Document(parsing: text)
        } catch {
            throw XMLError(
                error.kind, "template \(name): \(error.message)", line: error.line, path: name, problems: error.problems
            )
        }
    }

    private func target(
        of hole: Hole, in document: Document, _ namespaces: [String: String]
    ) throws(XMLError) -> NodePointer {
        let path = hole.path
        do throws(XMLError) {
            let node = try Document.only(document.nodes(path, namespaces: namespaces), path)
            switch node.pointee.type {
            case XML_ATTRIBUTE_NODE: break
            case XML_ELEMENT_NODE where hole.value == nil:
                guard node != document.rootNode else {
                    throw XMLError(.badPath, "\(path) is the root, which cannot be removed", path: path)
                }
            case XML_ELEMENT_NODE where Element(node, of: document).children.isEmpty: break
            default: throw XMLError(.badPath, "\(path) is not a place for a value", path: path)
            }
            if let value = hole.value, !Library.isWritable(value) {
                throw XMLError(.invalid, "the value for \(path) has characters that XML cannot hold", path: path)
            }
            return node
        } catch {
            throw XMLError(
                error.kind, "template \(name): \(error.message)", line: error.line, path: path, problems: error.problems
            )
        }
    }

    private static func set(_ node: NodePointer, to value: String, in document: Document) {
        if node.pointee.type == XML_ELEMENT_NODE {
            Element(node, of: document).text = value
        } else {
            xmlSetNsProp(node.pointee.parent, node.pointee.ns, node.pointee.name, value)
        }
    }

    private static func remove(_ node: NodePointer, from document: Document) {
        if node.pointee.type == XML_ELEMENT_NODE {
            Element(node, of: document).remove()
        } else {
            xmlUnsetNsProp(node.pointee.parent, node.pointee.ns, node.pointee.name)
        }
    }
}
