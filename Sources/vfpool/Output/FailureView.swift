import Model
import Text

/// A failure as people and programs read it.
enum FailureView {
    static func text(_ failure: Failure, _ format: OutputFormat, _ style: Style) -> String {
        switch format {
        case .json:
            // A failure is made of text alone, which can be encoded.
            let text = try? JSONText.of(["error": failure], pretty: false)
            return (text ?? "{\"error\":{\"code\":\"\(failure.code.rawValue)\"}}") + "\n"
        case .table:
            var lines = [style(.boldRed, "error[\(failure.code.rawValue)]:") + " " + failure.message.printable]
            if let cause = failure.cause {
                // QEMU's own words may take several lines.
                let words = cause.lines.map { String($0).printable }.joined(separator: "\n  ")
                lines.append(style(.red, "cause:") + " " + words)
            }
            lines += failure.hints.map { style(.cyan, "hint:") + " " + $0.text.printable }
            return lines.joined(separator: "\n") + "\n"
        }
    }
}
