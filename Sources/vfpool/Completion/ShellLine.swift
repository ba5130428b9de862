/// A shell's line up to the cursor, taken apart into words without running anything: what the words say as far as that
/// stands in the line itself.
///
/// What zsh and bash have in common is read; where one could read more into it, the line counts as unreadable.
struct ShellLine {
    /// A word without its quotes.
    struct Word: Equatable {
        var text = ""
        /// Whether the program would get just this text: false where the shell would put something in, such as `$HOME`.
        var isKnown = true
    }

    enum Quotes { case none, single, double }

    /// The words before the cursor's.
    private(set) var words: [Word] = []
    /// The word at the cursor, as far as it goes.
    private(set) var current = Word()
    /// Whether the cursor's word is a file's name, after `>` or `<`.
    private(set) var isRedirection = false
    /// Within which quotes the cursor stands.
    private(set) var quotes = Quotes.none
    /// Whether a backslash before the cursor waits for what it quotes.
    private(set) var isEscaped = false
    /// How many bytes stand between the cursor and the quote that is open there.
    private(set) var bytesInQuotes = 0
    /// Whether the line has a part that only the shell can read: a command within it, a comment, another command.
    private(set) var isUnreadable = false

    private var bytes: [UInt8] = []
    private var hasBegun = false

    init(_ line: String) {
        let line = Array(line.utf8)
        for (index, byte) in line.enumerated() {
            switch quotes {
            case .none: plain(byte, next: index + 1 < line.count ? line[index + 1] : nil)
            case .single: single(byte)
            case .double: double(byte, next: index + 1 < line.count ? line[index + 1] : nil)
            }
        }
        current = Word(text: String(decoding: bytes, as: UTF8.self), isKnown: current.isKnown)
    }

    private mutating func append(_ byte: UInt8) {
        hasBegun = true
        bytes.append(byte)
    }

    private mutating func endWord() {
        if hasBegun {
            if !isRedirection {
                words.append(Word(text: String(decoding: bytes, as: UTF8.self), isKnown: current.isKnown))
            }
            isRedirection = false
        }
        hasBegun = false
        bytes = []
        current = Word()
    }

    private mutating func plain(_ byte: UInt8, next: UInt8?) {
        if isEscaped {
            isEscaped = false
            // A line that goes on.
            if byte != UInt8(ascii: "\n") { append(byte) }
            return
        }
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"): endWord()
        case UInt8(ascii: "\\"):
            isEscaped = true
            hasBegun = true
        case UInt8(ascii: "'"): open(.single)
        case UInt8(ascii: "\""): open(.double)
        case UInt8(ascii: "<"), UInt8(ascii: ">"):
            // The number of a stream belongs to the sign: `2>`.
            if bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
                hasBegun = false
            }
            endWord()
            isRedirection = true
        case UInt8(ascii: "#") where !hasBegun: isUnreadable = true
        case UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "`"), UInt8(ascii: "\n"):
            isUnreadable = true
        case UInt8(ascii: "$"): dollar(byte, next: next, opening: "({'")
        case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "~"),
            UInt8(ascii: "!"), UInt8(ascii: "^"):
            current.isKnown = false
            append(byte)
        default: append(byte)
        }
    }

    private mutating func open(_ quotes: Quotes) {
        self.quotes = quotes
        hasBegun = true
        bytesInQuotes = 0
    }

    private mutating func single(_ byte: UInt8) {
        if byte == UInt8(ascii: "'") {
            quotes = .none
        } else {
            bytesInQuotes += 1
            append(byte)
        }
    }

    private mutating func double(_ byte: UInt8, next: UInt8?) {
        bytesInQuotes += 1
        if isEscaped {
            isEscaped = false
            if byte == UInt8(ascii: "\n") { return }
            if !"$`\"\\".utf8.contains(byte) { append(UInt8(ascii: "\\")) }
            append(byte)
            return
        }
        switch byte {
        case UInt8(ascii: "\""): quotes = .none
        case UInt8(ascii: "\\"): isEscaped = true
        case UInt8(ascii: "`"): isUnreadable = true
        case UInt8(ascii: "$"): dollar(byte, next: next, opening: "({")
        case UInt8(ascii: "!"):
            current.isKnown = false
            append(byte)
        default: append(byte)
        }
    }

    /// - Parameter opening: what begins a part that has quotes of its own.
    private mutating func dollar(_ byte: UInt8, next: UInt8?, opening: String) {
        if let next, opening.utf8.contains(next) { isUnreadable = true }
        current.isKnown = false
        append(byte)
    }
}
