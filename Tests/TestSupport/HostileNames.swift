/// Names that no shell, log or unit file may make more of than a name. `touch` in one leaves a file where it was run.
package enum HostileNames {
    package static let all: [String] =
        quotes + expansions + separators + unseen + [
            "", " ", "-x", "--help", "=ls", "~", "~root", "#x", "%n", "100%", "\\", "\\\\", "a\\", "a=b", "@", "a:b",
            "日本", "é",
            "e\u{0301}", "\u{1F469}\u{200D}\u{1F4BB}", "{a,b}", "[a]", "(x)", "^x^y", "!!", "!x", "a!b",
        ]

    /// A quote with something on it is one Character, and no quote where Characters are compared.
    static let quotes = [
        "'", "''", "\"", "'\u{0301}", "'\u{0301};touch a;'\u{0301}", "'\u{200D};touch b;'", "';touch c;'",
        "\u{0600}';touch d;'",
        "it's", "'\r\n';touch e;'", "\"'`", "a'\u{0301}b\"\u{0301}c", "\\'\u{0301};touch f;#", "\u{2019}",
        "$'\\'';touch g;'",
    ]

    static let expansions = [
        "$(touch h)", "`touch i`", "`\u{0301}touch j`", "``touch k``", "${HOME}", "$HOME", "$x", "*", "?", "<(touch l)",
        "$((1))",
        "a`b", "$\u{0301}(touch m)",
    ]

    static let separators = [
        ";touch n", "|touch o", "&touch p", "x;>q;a", "\n touch r\n", "a\ntouch s", "a\n", "\n", "a\n\n", "a\n3", "\r",
        "a\tb",
        ";\u{0301}touch t", "x >u", "x|\u{0301}touch v",
    ]

    static let unseen = [
        "\u{1B}[31m", "\u{1B}]0;x\u{07}", "\u{1B}[201~touch w\n", "\u{03}", "\u{7F}", "\u{85}", "\u{9B}", "\u{202E}x",
        "\u{2028}touch x", "\u{200B}", "\u{00AD}", "\u{FEFF}x", "\u{01}2", "\u{08}\u{08}",
    ]
}
