import Text

/// The words of the command line, with options that stand before the command put behind it: `vfpool -c URI list`, as
/// with virsh.
enum CommandLineWords {
    /// Options of several commands that take a value.
    static let withValue = ["-c", "--connect", "--format", "--color", "--hosts", "--lock-wait", "--timeout"]
    private static let ownOfRoot = ["-h", "--help", "--version", "--help-hidden"]

    static func normalized(_ words: [String]) -> [String] {
        var index = 0
        while index < words.count, words[index].hasPrefix(bytes: "-") {
            // ArgumentParser's own, with two or three hyphens, stay where they are.
            guard !ownOfRoot.contains(bytes: words[index]), words[index] != "--", !words[index].hasPrefix(bytes: "---"),
                !words[index].hasPrefix(bytes: "--generate"), !words[index].hasPrefix(bytes: "--experimental")
            else { return words }
            index += withValue.contains(bytes: words[index]) ? 2 : 1
        }
        guard index > 0, index < words.count else { return words }
        return [words[index]] + words[..<index] + words[(index + 1)...]
    }
}
