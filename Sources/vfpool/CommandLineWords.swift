/// The words of the command line, with options that stand before the command put behind it: `vfpool -c URI list`, as
/// with virsh.
enum CommandLineWords {
    /// Options of several commands that take a value.
    static let withValue: Set<String> = ["-c", "--connect", "--format", "--color", "--lock-wait", "--timeout"]
    private static let ownOfRoot: Set<String> = ["-h", "--help", "--version", "--help-hidden"]

    static func normalized(_ words: [String]) -> [String] {
        var index = 0
        while index < words.count, words[index].hasPrefix("-") {
            // ArgumentParser's own, with two or three hyphens, stay where they are.
            guard !ownOfRoot.contains(words[index]), words[index] != "--", !words[index].hasPrefix("---"),
                !words[index].hasPrefix("--generate"), !words[index].hasPrefix("--experimental")
            else { return words }
            index += withValue.contains(words[index]) ? 2 : 1
        }
        guard index > 0, index < words.count else { return words }
        return [words[index]] + words[..<index] + words[(index + 1)...]
    }
}
