package import Text

/// All samples of one metric, as Prometheus has it: each a number, told apart by labels.
package struct MetricFamily: Sendable, Equatable {
    package enum Kind: String, Sendable { case counter, gauge }

    package struct Label: Sendable, Equatable {
        package var name: String
        package var value: Name

        package init(_ name: String, _ value: Name) {
            self.name = name
            self.value = value
        }
    }

    package struct Sample: Sendable, Equatable {
        package var labels: [Label]
        package var value: UInt64

        package init(_ labels: [Label], _ value: UInt64) {
            self.labels = labels
            self.value = value
        }
    }

    package var name: String
    package var kind: Kind
    package var help: String
    package var samples: [Sample]

    /// In Prometheus' text format; nothing where there is no sample.
    package var text: String {
        guard !samples.isEmpty else { return "" }
        var text = "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            text += name
            for (index, label) in sample.labels.enumerated() {
                text += index == 0 ? "{" : ","
                text += label.name
                text += "=\""
                text += Self.escaped(label.value.string)
                text += "\""
            }
            text += sample.labels.isEmpty ? " " : "} "
            text += String(sample.value)
            text += "\n"
        }
        return text
    }

    /// A label's value ends at a quote and a line at its end; nothing else means anything there.
    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0.isOne(of: "\\\"\n") }) else { return value }
        var result: [UInt8] = []
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): result += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): result += Array("\\n".utf8)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
