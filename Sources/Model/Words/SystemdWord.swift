/// One word of a command in a systemd unit, quoted as systemd.service(5) reads `ExecStart=`: in it nothing is expanded.
struct SystemdWord: Sendable, CustomStringConvertible {
    /// The word as it stands in a unit.
    let description: String

    init(_ word: String) {
        var result = [UInt8(ascii: "\"")]
        for byte in word.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
            // Specifiers and variables.
            case UInt8(ascii: "%"), UInt8(ascii: "$"): result += [byte, byte]
            case ..<0x20, 0x7F: result += ("\\x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)).utf8
            default: result.append(byte)
            }
        }
        result.append(UInt8(ascii: "\""))
        description = String(decoding: result, as: UTF8.self)
    }

    /// What runs the program at this path. systemd reads the program's own word by other rules than its arguments, and
    /// takes no quotes and no backslashes in it: a shell runs what has more than the usual characters.
    static func running(_ path: String) -> String {
        isPlain(path) ? path : "\(shell) -c \(SystemdWord("exec \"$0\" \"$@\"")) \(SystemdWord(path))"
    }

    /// The first program that this runs, as a condition names it: without quotes.
    static func runs(_ path: String) -> String { isPlain(path) ? path : shell }

    private static let shell = "/bin/sh"

    private static func isPlain(_ path: String) -> Bool {
        path.utf8.first == UInt8(ascii: "/")
            && path.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "/._-+".utf8.contains(byte)
            }
    }
}
