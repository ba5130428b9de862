import Text

/// An element as a value, read once for comparing.
struct Node {
    /// With the namespace.
    let name: Name
    /// For people.
    let label: String
    let attributes: [(name: Name, value: Name)]
    /// The words directly inside, each run of white space as one blank.
    let text: Name
    let childNames: [Name]
    private let childrenByName: [Name: [Node]]

    init(_ element: Element) {
        label = element.name
        name = Node.name(of: element)
        attributes = element.attributes.map { (Name($0.name), Name($0.value)) }
        text = Name(element.ownText.words.joined(separator: " "))
        var names: [Name] = []
        var children: [Name: [Node]] = [:]
        for child in element.children.map(Node.init) {
            if children[child.name] == nil { names.append(child.name) }
            children[child.name, default: []].append(child)
        }
        childNames = names
        childrenByName = children
    }

    func children(_ name: Name) -> [Node] { childrenByName[name] ?? [] }

    private static func name(of element: Element) -> Name {
        Name(element.namespaceURI.map { "{\($0)}\(element.name)" } ?? element.name)
    }
}
