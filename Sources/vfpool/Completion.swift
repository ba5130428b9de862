import ArgumentParser
import Text
import VFPoolCore

/// Names from the host for the shell: read-only, and silent when they can't be had.
enum Completion {
    static let guests = CompletionKind.custom { words, _, _ in
        names(words) { host throws(Failure) in (try? host.guestNames()) ?? [] }
    }

    static let pools = CompletionKind.custom { words, _, _ in
        names(words) { host throws(Failure) in (try? host.poolNames()) ?? [] }
    }

    static let networks = CompletionKind.custom { words, _, _ in
        names(words) { host throws(Failure) in (try? host.networkNames()) ?? [] }
    }

    static let ports = CompletionKind.custom { words, _, _ in
        names(words) { host throws(Failure) in (try? host.portNames()) ?? [] }
    }

    /// What `status` takes.
    static let anything = CompletionKind.custom { words, _, _ in
        names(words) { host throws(Failure) in
            let names = [try? host.poolNames(), try? host.portNames(), try? host.guestNames()]
            return names.compactMap(\.self).flatMap(\.self)
        }
    }

    /// The interfaces of the guests that were named.
    static let interfaces = CompletionKind.custom { words, _, _ in
        names(words) { host throws(Failure) in
            guard let guests = try? host.guestNames() else { return [] }
            return guests.filter(words.map(unquoted).contains).flatMap { (try? host.interfaceNames(of: $0)) ?? [] }
        }
    }

    /// The portgroups of the pool that was named, else of every pool.
    static let portgroups = CompletionKind.custom { words, _, _ in
        names(words) { host throws(Failure) in
            guard let pools = try? host.poolNames() else { return [] }
            let named = pools.filter(words.map(unquoted).contains)
            return (named.isEmpty ? pools : named).flatMap { (try? host.portgroupNames(of: $0)) ?? [] }.deduplicated
        }
    }

    static let changes = CompletionKind.custom { _, _, _ in
        let journal = Journal(StateFolder.standard(Terminal.environment))
        return (try? LogReport(journal))?.changes.map(\.entry.id) ?? []
    }

    /// Nobody waits longer for names while typing.
    private static let timeout = Timeout(seconds: 2, whole: 2)

    private static func names(_ words: [String], _ read: (Host) throws(Failure) -> [String]) -> [String] {
        guard let host = try? Host.open(uri(words), readOnly: true, timeout: timeout), let names = try? read(host)
        else { return [] }
        return names
    }

    /// The URI in the words typed so far.
    static func uri(_ words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            if ["-c", "--connect"].contains(word), words.indices.contains(index + 1) {
                // bash makes `--connect=uri` three words.
                let start = words[index + 1] == "=" ? index + 2 : index + 1
                return words.indices.contains(start) ? unquoted(joined(words[start...])) : nil
            }
            if let uri = word.without(prefix: "--connect=") { return unquoted(String(uri)) }
        }
        return nil
    }

    /// The first word, put together again: bash takes words apart at these characters (`COMP_WORDBREAKS`).
    private static func joined(_ words: ArraySlice<String>) -> String {
        var rest = words
        var text = rest.popFirst() ?? ""
        while let mark = rest.first, [":", "@", "="].contains(mark) {
            text += rest.prefix(2).joined()
            rest = rest.dropFirst(2)
        }
        return text
    }

    /// Shells hand words over as they were typed.
    private static func unquoted(_ word: String) -> String {
        guard let first = word.first, first == "'" || first == "\"", word.last == first, word.count > 1 else {
            return word
        }
        return String(word.dropFirst().dropLast())
    }
}
