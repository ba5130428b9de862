import Fleet
import Model
import Text

/// The hosts that gave no answer, and why: what is the same for several is said once.
struct FleetProblems {
    private struct Kind: Hashable {
        var code: Name
        var message: Name
        var cause: Name?
        var hints: [Name]
        var isOfName: Bool
    }

    private var kinds = Gathered<Kind>()
    private var problems: [Name: HostProblem] = [:]
    private var ofName = 0
    private var others = 0

    mutating func add(_ host: FleetHost, _ problem: HostProblem) {
        if problem.isOfName { ofName += 1 } else { others += 1 }
        problems[host.name] = problem
        kinds.add(
            host.name,
            [
                Kind(
                    code: problem.code, message: Self.alike(problem.message, host),
                    cause: problem.cause.map { Self.alike($0, host) }, hints: problem.hints.map { Name($0) },
                    isOfName: problem.isOfName)
            ])
    }

    /// A sentence without what says which host it is about: its name, its URI, and the parts of that which libvirt and ssh speak of.
    static func alike(_ text: String, _ host: FleetHost) -> Name {
        var parts = [host.uri, host.name.string]
        if let scheme = host.uri.firstRange(ofBytes: "://") {
            let rest = host.uri[scheme.upperBound...]
            let (path, query) = rest.cut(at: "?") ?? (rest, "")
            parts.append(String(path))
            if let server = path.split(byte: "/").first?.split(byte: "@").last, !path.hasPrefix(bytes: "/") {
                parts.append(String(server))
            }
            parts += query.split(byte: "&").compactMap { $0.cut(at: "=") }.map { String($0.after) }
        }
        // `1` of no_tty=1 says nothing.
        return Name(parts.filter { $0.utf8.count > 1 }.reduce(text) { $0.replacing(bytes: $1, with: "…") })
    }

    /// How the process ends; nil where nothing is missing.
    func status(answered: Int) -> Int32? {
        if others > 0 { return ExitStatus.hostsMissing }
        return ofName > 0 && answered == 0 ? 1 : nil
    }

    /// - Parameter order: all hosts.
    func show(_ output: Output, order: [Name]) {
        let answered = order.count - others - ofName
        for (kind, hosts) in kinds.inOrder(order) {
            let names = FleetNames.words(hosts, all: output.isVerbose)
            // Of one its own words, of several those that fit all.
            let one = hosts.count == 1 ? hosts.first.flatMap { problems[$0] } : nil
            let message = one?.message ?? kind.message.string
            if kind.isOfName, answered > 0 {
                output.note("not on \(names): \(message)")
            } else {
                say(kind, "\(names): \(message)", cause: one?.cause ?? kind.cause?.string, output)
            }
        }
        if others > 0 { output.note("\(order.count - others) of \(Words.count(order.count, "host")) answered") }
    }

    /// Nil for a host that did answer.
    func reason(of host: Name) -> String? {
        problems[host].map { problem in problem.message + (problem.cause.map { ": \($0)" } ?? "") }
    }

    private func say(_ kind: Kind, _ message: String, cause: String?, _ output: Output) {
        let style = output.talkStyle
        output.talk(style(.boldRed, "error[\(kind.code)]:".printable) + " " + message.printable)
        if let cause {
            let lines = cause.lines.map { String($0).printable }
            output.talk(style(.red, "cause:") + " " + lines.joined(separator: "\n  "))
        }
        guard !output.isQuiet else { return }
        for hint in kind.hints { output.talk(style(.cyan, "hint:") + " " + hint.printable) }
    }
}
