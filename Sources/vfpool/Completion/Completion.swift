import ArgumentParser
import Journal
import Model
import Reading
import Text

/// Names from the host for the shell: read-only, and silent when they can't be had.
///
/// The words that a closure gets are those before the cursor, without quotes (`CompletionRequest`).
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

    static let pfs = CompletionKind.custom { words, _, _ in
        names(words) { host throws(Failure) in (try? host.pfNames()) ?? [] }
    }

    /// What `status` takes.
    static let anything = CompletionKind.custom { words, _, _ in
        names(words) { host throws(Failure) in
            let names = [try? host.poolNames(), try? host.pfNames(), try? host.guestNames()]
            return names.compactMap(\.self).flatMap(\.self)
        }
    }

    /// The interfaces of the guests that were named.
    static let interfaces = CompletionKind.custom { words, _, _ in
        names(words) { host throws(Failure) in
            guard let guests = try? host.guestNames() else { return [] }
            return named(guests, in: words).flatMap { (try? host.interfaceNames(of: $0)) ?? [] }
        }
    }

    /// The portgroups of the pool that was named, else of every pool.
    static let portgroups = CompletionKind.custom { words, _, _ in
        names(words) { host throws(Failure) in
            guard let pools = try? host.poolNames() else { return [] }
            let named = named(pools, in: words)
            return (named.isEmpty ? pools : named).flatMap { (try? host.portgroupNames(of: $0)) ?? [] }
        }
    }

    static let changes = CompletionKind.custom { _, _, _ in
        // Nobody looks through more than that, and older ones have numbers.
        (try? Journal(StateFolder.standard(Terminal.environment)).newestIDs(100)) ?? []
    }

    /// Nobody waits longer for names while typing.
    private static let timeout = Timeout(seconds: 2, whole: 2)

    /// Each name once; none that a terminal would act on, or that would be more than a line.
    private static func names(_ words: [String], _ read: (Host) throws(Failure) -> [String]) -> [String] {
        let uri = uri(words)
        guard uri.map(startsNothing) ?? true,
            let host = try? Host.open(uri, readOnly: true, timeout: timeout), let names = try? read(host)
        else { return [] }
        var seen: Set<Name> = []
        return names.filter { $0.isPrintable && seen.insert(Name($0)).inserted }
    }

    /// Those of the names that stand among the words, alone or as an option's value.
    private static func named(_ names: [String], in words: [String]) -> [String] {
        let typed = words.flatMap { word in
            let value = word.utf8.drop { $0 != UInt8(ascii: "=") }.dropFirst()
            return [Array(word.utf8), Array(value)]
        }
        return names.filter { typed.contains(Array($0.utf8)) }
    }

    /// The URI in the words typed so far.
    static func uri(_ words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            if ["-c", "--connect"].contains(word) {
                return words.indices.contains(index + 1) ? words[index + 1] : nil
            }
            if let uri = word.without(prefix: "--connect=") { return String(uri) }
        }
        return nil
    }

    /// Whether connecting runs no program that the URI itself names: a line that is not sent yet must not be acted on.
    static func startsNothing(_ uri: String) -> Bool {
        let scheme = uri.cut(at: ":")?.before ?? uri[...]
        if scheme.split(byte: "+").dropFirst().contains(where: { $0.isSame(as: "ext") }) { return false }
        let query = uri.cut(at: "?")?.after ?? ""
        return query.split(bytes: { $0.isOne(of: "&;") }).allSatisfy { parameter in
            let name = parameter.cut(at: "=")?.before ?? parameter
            return harmlessParameters.contains { $0.isSame(as: name) }
        }
    }

    /// Of libvirt's URIs; `command` and `netcat` name programs.
    private static let harmlessParameters = [
        "auth", "keyfile", "known_hosts", "known_hosts_verify", "mode", "name", "no_tty", "no_verify", "pkipath",
        "proxy",
        "socket", "sshauth", "tls_priority",
    ]
}
