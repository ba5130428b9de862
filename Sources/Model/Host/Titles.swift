package import Text
import XML

/// What people call a guest or a network (since libvirt 9.7 networks have it, too), and what they say of it.
package struct Titles: Sendable, Equatable {
    package var title: Name?
    package var description: Name?

    package init(title: Name? = nil, description: Name? = nil) {
        self.title = title
        self.description = description
    }

    init(_ element: Element) {
        self.init(
            title: element.first("title").map { Name($0.text) },
            description: element.first("description").map { Name($0.text) })
    }
}
