import Model
import XML

/// A drawing as a document of its own: the same bytes for the same drawing.
enum PictureSVG {
    static func text(_ drawing: Drawing) throws(Failure) -> String { try document(drawing).canonical() }

    static func document(_ drawing: Drawing) throws(Failure) -> Document {
        do throws(XMLError) {
            let text = String(decoding: PackageResources.picture_svg, as: UTF8.self)
            let document = try Template(text, name: "picture.svg").fill(
                [
                    Hole(path: "/svg:svg/svg:title", value: drawing.title),
                    Hole(path: "/svg:svg/svg:desc", value: drawing.summary),
                    Hole(path: "/svg:svg/@width", value: String(drawing.width)),
                    Hole(path: "/svg:svg/@height", value: String(drawing.height)),
                    Hole(path: "/svg:svg/@viewBox", value: "0 0 \(drawing.width) \(drawing.height)"),
                ], namespaces: ["svg": "http://www.w3.org/2000/svg"])
            draw(drawing, in: document.root)
            return document
        } catch {
            throw Failure(.output, "could not draw the picture", cause: error.message)
        }
    }

    private static func draw(_ drawing: Drawing, in root: Element) {
        for shape in drawing.ground { add(shape, to: root) }
        for symbol in drawing.lines + drawing.symbols {
            let group = root.add("g")
            if !symbol.title.isEmpty {
                group[attribute: "role"] = "graphics-symbol img"
                group.add("title").text = symbol.title
            }
            for shape in symbol.shapes { add(shape, to: group) }
        }
        for shape in drawing.words { add(shape, to: root) }
    }

    private static func add(_ shape: Drawing.Shape, to parent: Element) {
        switch shape {
        case .rectangle(let x, let y, let width, let height, let radius, let classes):
            set(
                parent.add("rect"), classes,
                [("x", x), ("y", y), ("width", width), ("height", height), ("rx", radius)])
        case .circle(let x, let y, let radius, let classes):
            set(parent.add("circle"), classes, [("cx", x), ("cy", y), ("r", radius)])
        case .path(let path, let classes):
            let element = parent.add("path")
            set(element, classes, [])
            element[attribute: "d"] = path
        case .text(let text, let x, let y, let classes):
            guard !text.isEmpty else { return }
            let element = parent.add("text")
            set(element, classes, [("x", x), ("y", y)])
            element.text = text
        }
    }

    private static func set(_ element: Element, _ classes: String, _ values: [(String, Int)]) {
        element[attribute: "class"] = classes
        for (name, value) in values { element[attribute: name] = String(value) }
    }
}
