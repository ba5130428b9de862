/// Why a document, a path, a template or a grammar was refused.
package struct XMLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The reason, for deciding; the words are for people.
    package enum Kind: Sendable, Equatable {
        /// Broken XML: wrong nesting, a stray character, bytes that are not UTF-8, a NUL.
        case notWellFormed
        /// More bytes, elements, attributes or levels than are read.
        case tooLarge
        /// A document type declaration: no document of libvirt's has one, and entities are a way to attack.
        /// Or a namespace that can't be written as it was read.
        case forbidden
        /// A value that cannot stand where it should, or a grammar that is none.
        case invalid
        /// A path that must match one node matched none.
        case noSuchNode
        /// A path that must match one node matched more.
        case severalNodes
        /// Not an XPath, or one that selects something else than what was asked for.
        case badPath
        /// A file that cannot be read.
        case unreadable
    }

    package let kind: Kind
    /// The line in the document, where there is one.
    package let line: Int?
    /// The XPath or the file concerned, where there is one.
    package let path: String?
    /// What libxml2 found, one sentence each, at most sixteen.
    package let problems: [String]
    /// What is wrong, in one sentence without a full stop.
    package let message: String

    package init(_ kind: Kind, _ message: String, line: Int? = nil, path: String? = nil, problems: [String] = []) {
        self.kind = kind
        self.message = message
        self.line = line
        self.path = path
        self.problems = problems
    }

    package var description: String {
        let place = line.map { "line \($0): " } ?? ""
        return ([place + message] + problems.filter { $0 != message }).joined(separator: "; ")
    }
}
