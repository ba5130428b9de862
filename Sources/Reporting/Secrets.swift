import Model
import XML

/// What a view of a document leaves out: passwords of graphics, and whatever else is written down as one.
enum Secrets {
    private static let names: Set<String> = ["passwd", "password", "secret"]
    private static let mask = "••••"

    /// Whether a document's text has a name of one; most have none, and need not be looked through.
    static func mayBe(in text: String) -> Bool {
        text.holds(bytes: "passw") || text.holds(bytes: "secret")
    }

    static func hide(in root: Element) {
        var waiting = [root]
        while let element = waiting.popLast() {
            for (name, value) in element.attributes where ["passwd", "password"].contains(name) && !value.isEmpty {
                element[attribute: name] = mask
            }
            let children = element.children
            // `<secret type= uuid=/>` only refers to one; text in it would be one.
            if children.isEmpty, names.contains(element.name), !element.text.isEmpty { element.text = mask }
            waiting += children
        }
    }
}
