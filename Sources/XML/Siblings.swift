import CLibXML2

/// A node and those that follow it. The next one is looked up before one is handed out, so that may be taken away.
struct Siblings: Sequence, IteratorProtocol {
    private var node: NodePointer?

    init(_ first: NodePointer?) { node = first }

    mutating func next() -> NodePointer? {
        defer { node = node?.pointee.next }
        return node
    }
}
