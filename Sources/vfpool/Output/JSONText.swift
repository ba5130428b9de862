import FoundationEssentials
import VFPoolCore

/// JSON as text, with keys in order: the same input prints the same bytes.
enum JSONText {
    static func of(_ value: some Encodable, pretty: Bool) throws(Failure) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw Failure(.output, "could not write JSON", cause: "\(error)")
        }
    }
}
