import CLibXML2
import Glibc
import Synchronization
import Text

/// A RELAX NG grammar, loaded once and used for many documents, from any thread.
///
/// libvirt's daemon validates with the same library and the same files (`virXMLValidatorInit`, `src/util/virxml.c`), so the
/// verdict is the daemon's.
package final class Schema: Sendable {
    /// libxml2's compiled grammar. It does not promise that two threads may use one at a time, and libvirt locks its own
    /// too: only touched with the lock held.
    nonisolated(unsafe) private let grammar: OpaquePointer
    private let lock = Mutex(())

    /// Loads a grammar from a file, with what it includes. Throws `unreadable`, or `invalid` if it is no grammar.
    package init(file path: String) throws(XMLError) {
        try Schema.requireReadable(path)
        grammar = try Schema.load(path) { xmlRelaxNGNewParserCtxt(path) }
    }

    /// Loads a grammar from its text; the files it includes are looked for in a folder. Throws `unreadable` if one is not
    /// there, `invalid` if the text is no grammar, or as `Document(parsing:)` does.
    package init(text: String, includePath folder: String) throws(XMLError) {
        let document = try Document(parsing: text)
        let relaxNG = ["rng": "http://relaxng.org/ns/structure/1.0"]
        for include in try document.select("//rng:include | //rng:externalRef", namespaces: relaxNG) {
            guard let name = include[attribute: "href"], !name.hasPrefix(bytes: "/") else { continue }
            let path = folder + "/" + name
            try Schema.requireReadable(path)
            include[attribute: "href"] = Library.take(xmlPathToURI(path)) ?? path
        }
        grammar = try Schema.load(folder) {
            withExtendedLifetime(document) { xmlRelaxNGNewDocParserCtxt(document.raw) }
        }
    }

    deinit { xmlRelaxNGFree(grammar) }

    /// What is wrong with a document, in the order found; nothing if it is valid. Lines are those of its text.
    package func problems(in document: Document) -> [Problem] {
        withExtendedLifetime(document) { problems(in: document.raw) }
    }

    /// What is wrong with a subtree, taken as a document of its own, by a grammar that starts at its element. Lines are
    /// those of the text the whole was read from.
    package func problems(in element: Element) -> [Problem] {
        guard let alone = element.copiedAlone() else { preconditionFailure("out of memory") }
        defer { xmlFreeDoc(alone) }
        return problems(in: alone)
    }

    private func problems(in document: UnsafeMutablePointer<xmlDoc>) -> [Problem] {
        let (isValid, problems) = Diagnostics.collected {
            lock.withLock { _ in
                guard let validation = xmlRelaxNGNewValidCtxt(grammar) else { return false }
                defer { xmlRelaxNGFreeValidCtxt(validation) }
                return xmlRelaxNGValidateDoc(validation, document) == 0
            }
        }
        guard !isValid else { return [] }
        return problems.isEmpty ? [Problem(line: nil, message: "The document does not match the grammar")] : problems
    }

    private static func load(_ path: String, _ parser: () -> OpaquePointer?) throws(XMLError) -> OpaquePointer {
        let (grammar, problems) = Diagnostics.collected { () -> OpaquePointer? in
            guard let parser = parser() else { return nil }
            defer { xmlRelaxNGFreeParserCtxt(parser) }
            return xmlRelaxNGParse(parser)
        }
        guard let grammar else {
            throw XMLError(
                .invalid, problems.first?.message ?? "not a RELAX NG grammar", line: problems.first?.line, path: path,
                problems: problems.map(\.message))
        }
        return grammar
    }

    private static func requireReadable(_ path: String) throws(XMLError) {
        guard access(path, R_OK) == 0 else {
            throw XMLError(.unreadable, String(cString: strerror(errno)), path: path)
        }
    }
}
