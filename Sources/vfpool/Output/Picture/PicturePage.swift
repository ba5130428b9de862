import Model
import XML

/// A page of HTML that is one file: a picture, and below it text under headings.
struct PicturePage {
    var title: String
    var about: String
    var sections: [(heading: String, text: String)]

    func text(_ picture: Document) throws(Failure) -> String {
        do throws(XMLError) {
            let template = String(decoding: PackageResources.picture_html, as: UTF8.self)
            let page = try Template(template, name: "picture.html").fill([
                Hole(path: "/html/head/title", value: title.printable),
                Hole(path: "/html/body/main/h1", value: title.printable),
                Hole(path: "/html/body/main/p", value: about.printable),
            ])
            guard let main = page.root.first(path: ["body", "main"]) else { return "" }
            let frame = main.add("div")
            frame[attribute: "class"] = "scroll"
            // What is wider than the window can be reached by the keyboard.
            frame[attribute: "tabindex"] = "0"
            frame[attribute: "role"] = "group"
            frame[attribute: "aria-label"] = "Picture"
            frame.append(picture.root)
            for section in sections where !section.text.isEmpty {
                main.add("h2").text = section.heading
                let text = main.add("pre")
                text[attribute: "tabindex"] = "0"
                text.text = section.text
            }
            // Without it, browsers take the page for one of the nineties.
            return "<!DOCTYPE html>\n" + page.canonical()
        } catch {
            throw Failure(.output, "could not make the page", cause: error.message)
        }
    }
}
