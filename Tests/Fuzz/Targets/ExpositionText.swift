/// Prometheus' text format, read byte by byte as its documentation has it; by nothing that writes it here.
package enum ExpositionText {
    package struct Label: Equatable {
        package var name: [UInt8]
        package var value: [UInt8]
    }

    package struct Sample: Equatable {
        package var labels: [Label] = []
        package var value: [UInt8] = []
    }

    private enum Place {
        case lineStart, comment, name, labelName, equals, labelStart, labelValue, escape, labelEnd, value
    }

    /// - Throws: `Broken` where it is none.
    package static func samples(_ text: [UInt8], of metric: String) throws -> [Sample] {
        var samples: [Sample] = []
        var sample = Sample()
        var word: [UInt8] = []
        var label: [UInt8] = []
        var place = Place.lineStart
        for byte in text {
            let character = Unicode.Scalar(byte)
            switch (place, character) {
            case (.lineStart, "#"): place = .comment
            case (.lineStart, "\n"), (.comment, "\n"): place = .lineStart
            case (.comment, _): break
            case (.lineStart, _): (word, sample, place) = ([byte], Sample(), .name)
            case (.name, "{"), (.name, " "):
                try require(word == Array(metric.utf8), "a sample of another metric")
                (word, place) = ([], character == "{" ? .labelName : .value)
            case (.labelName, "="): (label, word, place) = (word, [], .labelStart)
            case (.labelStart, "\""): place = .labelValue
            case (.labelValue, "\\"): place = .escape
            case (.escape, "n"): (word, place) = (word + [UInt8(ascii: "\n")], .labelValue)
            case (.escape, "\\"), (.escape, "\""): (word, place) = (word + [byte], .labelValue)
            case (.labelValue, "\""):
                sample.labels.append(Label(name: label, value: word))
                (word, place) = ([], .labelEnd)
            case (.labelValue, "\n"): throw Broken("a label's value has a line break in it")
            case (.labelEnd, ","): place = .labelName
            case (.labelEnd, "}"): place = .equals
            case (.equals, " "): place = .value
            case (.value, "\n"):
                sample.value = word
                samples.append(sample)
                place = .lineStart
            case (.name, _), (.labelName, _), (.labelValue, _), (.value, _): word.append(byte)
            default: throw Broken("\(place): \(character) can't stand there")
            }
        }
        try require(place == .lineStart, "it ends in the middle of a line")
        return samples
    }
}
