import CLibXML2

/// Looking for nodes by XPath 1.0. A prefix in a path means what the caller says, not what the document says.
extension Document {
    /// The elements a path selects, in document order. Throws `badPath` if it is no XPath or selects other things.
    package func select(_ path: String, namespaces: [String: String] = [:]) throws(XMLError) -> [Element] {
        try elements(path, from: nil, namespaces: namespaces)
    }

    /// The one element a path selects. Throws `noSuchNode` or `severalNodes`.
    package func selectOne(_ path: String, namespaces: [String: String] = [:]) throws(XMLError) -> Element {
        try Document.only(select(path, namespaces: namespaces), path)
    }

    fileprivate func elements(
        _ path: String, from node: NodePointer?, namespaces: [String: String]
    ) throws(XMLError) -> [Element] {
        let nodes = try nodes(path, from: node, namespaces: namespaces)
        guard nodes.allSatisfy({ $0.pointee.type == XML_ELEMENT_NODE }) else {
            throw XMLError(.badPath, "\(path) selects what is not an element", path: path)
        }
        return nodes.map { Element($0, of: self) }
    }

    /// The one of several that is wanted where a path must match exactly once.
    static func only<Node>(_ nodes: [Node], _ path: String) throws(XMLError) -> Node {
        guard let first = nodes.first else { throw XMLError(.noSuchNode, "\(path) matches nothing", path: path) }
        guard nodes.count == 1 else {
            throw XMLError(.severalNodes, "\(path) matches \(nodes.count) times, not once", path: path)
        }
        return first
    }

    /// Elements, attributes and whatever else has a node; an attribute's pointer is an `xmlAttr` in truth.
    func nodes(
        _ path: String, from node: NodePointer? = nil, namespaces: [String: String]
    ) throws(XMLError) -> [NodePointer] {
        let (result, problems) = Diagnostics.collected { () -> [NodePointer]? in
            guard let context = xmlXPathNewContext(raw) else { return nil }
            defer { xmlXPathFreeContext(context) }
            if let node { xmlXPathSetContextNode(node, context) }
            for (prefix, uri) in namespaces { xmlXPathRegisterNs(context, prefix, uri) }
            guard let object = xmlXPathEvalExpression(path, context) else { return nil }
            defer { xmlXPathFreeObject(object) }
            guard object.pointee.type == XPATH_NODESET else { return nil }
            guard let set = object.pointee.nodesetval else { return [] }
            xmlXPathNodeSetSort(set)
            let nodes = UnsafeBufferPointer(start: set.pointee.nodeTab, count: Int(set.pointee.nodeNr)).compactMap(
                \.self)
            // A namespace is a copy that goes with the result.
            return nodes.contains { $0.pointee.type == XML_NAMESPACE_DECL } ? nil : nodes
        }
        guard let result else {
            throw XMLError(
                .badPath, "\(path) is not a path to nodes", path: path, problems: problems.map(\.message))
        }
        return result
    }
}

extension Element {
    /// The elements a path selects, seen from this element, in document order.
    package func select(_ path: String, namespaces: [String: String] = [:]) throws(XMLError) -> [Element] {
        try document.elements(path, from: node, namespaces: namespaces)
    }

    /// The one element a path selects, seen from this element.
    package func selectOne(_ path: String, namespaces: [String: String] = [:]) throws(XMLError) -> Element {
        try Document.only(select(path, namespaces: namespaces), path)
    }
}
