/// A place in a template, and what goes there.
package struct Hole: Sendable, Hashable {
    /// An XPath to an element without elements inside (its text is filled) or to an attribute (`/network/forward/pf/@dev`).
    /// An element of any kind may be removed.
    package let path: String
    /// nil removes the element, with the white space before it, or the attribute.
    package let value: String?

    package init(path: String, value: String?) {
        self.path = path
        self.value = value
    }
}
