package import Model
import Text
import YAML

/// A spec's text, with a name for errors: they say where, and show the line.
package struct SpecText: Sendable {
    package let name: String
    let bytes: [UInt8]

    package init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    package var size: Int { bytes.count }

    /// - Throws: `bad-spec`.
    package func spec() throws(Failure) -> HostSpec {
        var limits = Limits()
        // Nothing that a spec speaks of has a longer name.
        limits.text = 1024
        return try SpecReader(self).spec(try node(limits))
    }

    /// - Throws: `bad-spec` for what is no YAML, or nothing.
    func node(_ limits: Limits = Limits()) throws(Failure) -> Node {
        let root: Node?
        do throws(YAMLError) {
            root = try Parser.parse(bytes, limits: limits)
        } catch {
            throw failure(error.message, at: error.place, reason: error.cause.map { "libyaml: \($0)" })
        }
        guard let root else { throw failure("there is nothing in it", at: nil, hints: [Self.start]) }
        return root
    }

    static let start: Hint = "print one of what is here: `vfpool export`"

    func origin(_ place: Place) -> Origin { Origin(self, place) }

    /// `kvm7.yaml:12:5: there is no key vlna in a pool`, with the line below it.
    func failure(_ message: String, at place: Place?, reason: String? = nil, hints: [Hint] = []) -> Failure {
        guard let place else { return Failure(.badSpec, "\(name): \(message)", cause: reason, hints: hints) }
        let excerpt = Excerpt(place, in: bytes).lines
        return Failure(
            .badSpec, "\(name):\(place.line):\(place.column): \(message)",
            cause: ([reason ?? "in this line"] + excerpt).joined(separator: "\n"), hints: hints)
    }
}
