import ArgumentParser
import Glibc

/// Colours, or none: everything printed reads the same without them.
struct Style: Sendable {
    enum Choice: String, CaseIterable, ExpressibleByArgument, Sendable {
        case auto, always, never
    }

    private let isOn: Bool

    static let plain = Style(isOn: false)

    private init(isOn: Bool) { self.isOn = isOn }

    /// `auto`: on a terminal that can, unless `NO_COLOR` (no-color.org) says otherwise.
    init(_ choice: Choice, descriptor: Int32, environment: [String: String] = Terminal.environment) {
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
