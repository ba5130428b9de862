import Text

@testable import XML

/// What holds of every document that can be read: it is written as it was read, and an edit that is taken back leaves nothing.
enum DocumentEdits {
    static func check(_ document: Document) throws {
        let text = document.serialized()
        let again = try parsed(text, "what was written")
        try require(again.serialized().isSame(as: text), "written again, it is another text: \(text)")
        let canonical = document.canonical()
        try require(again.canonical().isSame(as: canonical), "its canonical form is another one when written: \(text)")
        try require(document.copy().serialized().isSame(as: text), "a copy is another text: \(text)")
        let plain = try parsed(canonical, "the canonical form")
        try require(plain.canonical().isSame(as: canonical), "its canonical form has another one: \(canonical)")
        try require(plain.serialized().isSame(as: canonical), "its canonical form is written otherwise: \(canonical)")
        if Document.areSameText(text, canonical) { try require(text.utf8.count == canonical.utf8.count, "same text") }
        try reverse(plain, canonical)
    }

    private static func parsed(_ text: String, _ what: String) throws -> Document {
        do throws(XMLError) {
            return try Document(parsing: text)
        } catch {
            throw Broken("\(what) can't be read: \(error): \(text)")
        }
    }

    /// Edits elements of a document, a few of them, and takes each edit back.
    private static func reverse(_ document: Document, _ text: String) throws {
        var elements: [Element] = [document.root]
        var next = 0
        while next < elements.count, elements.count < 24 {
            elements += elements[next].children
            next += 1
        }
        for element in elements.prefix(24) {
            for (name, value) in element.attributes where !name.utf8.contains(UInt8(ascii: ":")) {
                element[attribute: name] = value
            }
            try require(document.serialized().isSame(as: text), "attributes set to what they are")
            element[attribute: "vfpool-fuzz"] = "<&\">"
            element[attribute: "vfpool-fuzz"] = nil
            try require(document.serialized().isSame(as: text), "an attribute set and taken away")
            // Words between elements have blanks that are not layout.
            guard element.ownText.trimmed.isEmpty, Blanks.areLayout(in: element.node) else { continue }
            element.addChild("vfpool-fuzz").remove()
            try require(document.serialized().isSame(as: text), "a child put in at the end and taken out: \(text)")
            // In the middle of a line, whose the blanks are can't be told.
            guard let child = element.children.first, Blanks.before(child.node) != nil else { continue }
            element.addChild("vfpool-fuzz", before: child).remove()
            try require(document.serialized().isSame(as: text), "a child put in before others and taken out: \(text)")
            element.insert(child, after: child).remove()
            guard !text.contains(bytes: "xmlns") else { continue }
            try require(document.serialized().isSame(as: text), "a child doubled and taken out: \(text)")
            child.replace(with: child)
            try require(document.serialized().isSame(as: text), "a child replaced by its like: \(text)")
        }
    }
}
