/// An element as a value, read once for comparing.
struct Node {
    /// With the namespace.
    let name: String
    /// For people.
    let label: String
    let attributes: [(name: String, value: String)]
    /// The words directly inside, each run of white space as one blank.
    let text: String
    let childNames: [String]
    private let childrenByName: [String: [Node]]

    init(_ element: Element) {
        label = element.name
        name = Node.name(of: element)
        attributes = element.attributes
        text = element.ownText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        var names: [String] = []
        var children: [String: [Node]] = [:]
        for child in element.children.map(Node.init) {
            if children[child.name] == nil { names.append(child.name) }
            children[child.name, default: []].append(child)
        }
        childNames = names
        childrenByName = children
    }

    func children(_ name: String) -> [Node] { childrenByName[name] ?? [] }

    private static func name(of element: Element) -> String {
        element.namespaceURI.map { "{\($0)}\(element.name)" } ?? element.name
    }
}
