import FoundationEssentials
import Model

/// JSON as text, with keys in order: the same input prints the same bytes.
///
/// docs/reference/schema.json has every document. Each is an object with `version`; within a version fields are added, never renamed or
/// given another meaning.
enum JSONText {
    static func of(_ document: JSONObject, pretty: Bool) throws(Failure) -> String {
        var value = document
        value.add("version", 1)
        return try text(value, pretty: pretty)
    }

    static func text(_ value: some Encodable, pretty: Bool) throws(Failure) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
        do {
            return escaped(String(decoding: try encoder.encode(value), as: UTF8.self))
        } catch {
            throw Failure(.output, "could not write JSON", cause: "\(error)")
        }
    }

    /// The same JSON without characters that a terminal would act on. They can stand within its strings alone, where
    /// `\u009b` says the same; the encoder writes only those before the blank so.
    static func escaped(_ text: String) -> String {
        // What is plain has no such character: the layout's line ends are the encoder's own.
        guard text.utf8.contains(where: { $0 >= 0x7F }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.value < 0x7F || String(scalar).isPrintable {
                result.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                result.append(
                    contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
            }
        }
        return String(result)
    }
}
