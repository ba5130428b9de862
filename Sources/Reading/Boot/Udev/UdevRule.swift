import Model
import Text

/// One rule of udev's: what it matches, and what it does then.
struct UdevRule {
    struct Part: Equatable {
        /// `ATTR`, `KERNEL`, …
        var key: Name
        /// What stands in braces behind the key.
        var attribute: Name?
        /// `==`, `!=`, `=`, `+=`, `-=`, `:=`.
        var sign: String
        var value: String
        var ignoresCase = false

        var isMatch: Bool { sign.hasPrefix(bytes: "==") || sign.hasPrefix(bytes: "!=") }
    }

    let parts: [Part]
    let line: Int
    /// Whether all of the line is understood: of one with a fault in it some releases take the beginning, others nothing.
    let isWhole: Bool
    /// Programs that are run to see whether it matches.
    let programs: [Part]
    let label: Name?
    let goal: Name?

    init(parts: [Part], line: Int, isWhole: Bool = true) {
        self.parts = parts
        self.line = line
        self.isWhole = isWhole
        programs = parts.filter {
            $0.key == "PROGRAM" || $0.key == "IMPORT" && $0.attribute == "program"
        }
        label = parts.first { $0.key == "LABEL" }.map { Name($0.value) }
        goal = parts.first { $0.key == "GOTO" }.map { Name($0.value) }
    }

    /// Whether it can set a count, itself or by what it runs or starts.
    var canSet: Bool {
        !programs.isEmpty
            || parts.contains { part in
                part.key == "RUN" || part.attribute == "SYSTEMD_WANTS"
                    || part.key == "ATTR" && !part.isMatch
                        && part.attribute.map { PFTraits.isCountFile($0.string) } ?? false
            }
    }

    /// The rules of a file. Lines that do not begin as one are passed over, as udev does.
    static func rules(_ text: String) -> [UdevRule] {
        var rules: [UdevRule] = []
        var begun: (text: String, line: Int)?
        for (index, full) in text.lines.enumerated() {
            let trimmed = full.trimmed
            if trimmed.hasPrefix(bytes: "#") { continue }
            var line = (text: String(trimmed), line: index + 1)
            if let before = begun { line = (before.text + trimmed, before.line) }
            begun = nil
            if let rest = line.text.without(suffix: "\\") {
                begun = (String(rest), line.line)
            } else {
                let (parts, isWhole) = parts(line.text)
                if !parts.isEmpty { rules.append(UdevRule(parts: parts, line: line.line, isWhole: isWhole)) }
            }
        }
        return rules
    }

    private static func parts(_ line: String) -> (parts: [Part], isWhole: Bool) {
        var parts: [Part] = []
        var rest = Array(line.utf8)[...]
        while true {
            rest = rest.drop { $0.isBlank || $0 == UInt8(ascii: ",") }
            if rest.isEmpty { return (parts, true) }
            guard let part = part(&rest) else { return (parts, false) }
            parts.append(part)
        }
    }

    private static func part(_ rest: inout ArraySlice<UInt8>) -> Part? {
        func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
        let key = rest.prefix { !$0.isBlank && !$0.isOne(of: "{=!+-:\"") }
        rest = rest.dropFirst(key.count)
        var attribute: Name?
        if rest.first == UInt8(ascii: "{") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { return nil }
            attribute = Name(text(rest[(rest.startIndex + 1)..<end]))
            rest = rest[(end + 1)...]
        }
        rest = rest.drop(while: \.isBlank)
        let sign = rest.prefix { $0.isOne(of: "=!+-:") }
        rest = rest.dropFirst(sign.count).drop(while: \.isBlank)
        // `e"…"` has escapes in it, `i"…"` is compared without regard to case.
        let marks = rest.prefix { $0.isOne(of: "ei") }
        rest = rest.dropFirst(marks.count)
        guard !key.isEmpty, !sign.isEmpty, rest.first == UInt8(ascii: "\"") else { return nil }
        rest = rest.dropFirst()
        var value: [UInt8] = []
        while let byte = rest.first, byte != UInt8(ascii: "\"") {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "\\"), let next = rest.first, next == UInt8(ascii: "\"") {
                value.append(next)
                rest = rest.dropFirst()
            } else {
                value.append(byte)
            }
        }
        guard !rest.isEmpty else { return nil }
        rest = rest.dropFirst()
        return Part(
            key: Name(text(key)), attribute: attribute, sign: text(sign), value: text(value),
            ignoresCase: marks.contains(UInt8(ascii: "i")))
    }
}
