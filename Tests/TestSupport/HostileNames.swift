/// Names that no shell, log, format, unit file or terminal may make more of than a name, and that get lost where they are
/// not compared as bytes. `touch` and `>` in one leave a file where it was run.
package enum HostileNames {
    package static let all: [String] =
        quotes + expansions + separators + unseen + options + formats + markup
        + [
            "", " ", "#x", "#", "\\", "\\\\", "a\\", "a=b", "@", "a@b", "a:b", "52:54:00", "a,b", "+x", "日本", "é",
            "e\u{0301}", "\u{1E69}", "s\u{0323}\u{0307}", "\u{1F469}\u{200D}\u{1F4BB}", "a b", " a", "a ", "a  b",
            "\u{00A0}a", "a\u{3000}b",
            // What stands for something else.
            "0", "00000000-0000-4000-8000-000000000000", ".", "..", "null", "a/b",
            String(repeating: "x", count: 200), String(repeating: "é", count: 200),
        ]

    /// Those that libvirt's test driver lets a guest, a network and a portgroup have. QEMU's refuses a line's end.
    package static let ofGuests = all.filter { name in
        !name.utf8.allSatisfy { $0 == UInt8(ascii: " ") } && !name.utf8.contains(UInt8(ascii: "/"))
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\t" || $0 == "\n" }
    }

    /// Of these, those without a character that a terminal acts on, and those with one.
    package static let printable = ofGuests.filter { !isActedOn($0) }
    package static let unprintable = ofGuests.filter(isActedOn)

    /// Controls, what ends a line, and what turns the direction of writing.
    package static func isActedOn(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
            default: false
            }
        }
    }

    /// A quote with something on it is one Character, and no quote where Characters are compared.
    static let quotes = [
        "'", "''", "\"", "'\u{0301}", "'\u{0301};touch a;'\u{0301}", "'\u{200D};touch b;'", "';touch c;'",
        "\u{0600}';touch d;'", "it's", "a\"b", "'\r\n';touch e;'", "\"'`", "a'\u{0301}b\"\u{0301}c",
        "\\'\u{0301};touch f;#", "\u{2019}", "$'\\'';touch g;'", "\"; touch P; \"", "'$(touch P)'", "\"$(touch P)\"",
        "') ; touch P #",
    ]

    static let expansions = [
        "$(touch h)", "`touch i`", "`\u{0301}touch j`", "``touch k``", "${HOME}", "$HOME", "$x", "$", "*", "?",
        "<(touch l)", "$((1))", "a`b", "$\u{0301}(touch m)", "\\$(touch P)", "$(>P)", "$[$(>P)]", "a[$(>P)]",
        "%$(touch P)s", "${x:-$(>P)}", "${IFS}", "~", "~root", "=ls", "{a,b}", "a{1..3}", "[a]", "[a-z]*", "(x)",
        "^x^y",
        "!!", "!x", "a!b",
    ]

    static let separators = [
        ";touch n", "|touch o", "&touch p", "x;>q;a", ">P", "& touch P &", "\n touch r\n", "a\ntouch s", "a\n", "\n",
        "a\n\n", "a\n3", "\r", "a\tb", ";\u{0301}touch t", "x >u", "x|\u{0301}touch v",
    ]

    package static let options = ["-", "--", "-x", "-n", "--help", "--yes", "-\u{0301}x"]

    static let formats = ["%n", "%s%n", "100%", "%", "%i%h", "\u{0600}%n", "\\n", "\\x41", "\\033[31m"]

    static let markup = ["<x>", "&amp;", "]]>", "<!--", "&#10;"]

    static let unseen = [
        "\u{1B}[31m", "\u{1B}]0;x\u{07}", "\u{1B}[201~touch w\n", "\u{03}", "\u{7F}", "\u{85}", "\u{9B}", "\u{9B}31mx",
        "\u{202E}x", "\u{2066}x\u{2069}", "\u{061C}x", "\u{200E}x", "\u{200F}x", "\u{2028}touch x", "\u{2029}x",
        "\u{200B}", "\u{00AD}", "\u{FEFF}x", "\u{01}2", "\u{08}\u{08}",
    ]
}
