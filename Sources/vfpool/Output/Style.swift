import ArgumentParser
import Glibc

/// Colours, or none: everything printed reads the same without them.
struct Style: Sendable {
    enum Choice: String, CaseIterable, ExpressibleByArgument, Sendable {
        case auto, always, never
    }

    private let isOn: Bool
    /// Whether it is for a file or a document: as wide as it is, whatever terminal there is.
    let isForFile: Bool

    static let plain = Style(isOn: false, isForFile: true)

    private init(isOn: Bool, isForFile: Bool) {
        self.isOn = isOn
        self.isForFile = isForFile
    }

    /// `auto`: on a terminal that can, unless `NO_COLOR` (no-color.org) says otherwise.
    init(_ choice: Choice, descriptor: Int32, environment: [String: String] = Terminal.environment) {
        isForFile = false
        isOn =
            switch choice {
            case .always: true
            case .never: false
            case .auto:
                Terminal.isTerminal(descriptor) && environment["NO_COLOR", default: ""].isEmpty
                    && environment["TERM"] != "dumb"
            }
    }

    enum Colour: String, Sendable {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case magenta = "35"
        case cyan = "36"
        case bold = "1"
        case faint = "2"
        case boldRed = "1;31"
    }

    func callAsFunction(_ colour: Colour?, _ text: String) -> String {
        guard isOn, let colour, !text.isEmpty else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }
}
