import Fleet
import Glibc
import Model
import Text

/// What a host's child processes say, judged: nothing of it is taken on trust.
enum HostAnswer {
    /// Whether a child gave a document; 2 is that of `doctor` with a failure, and of `diff` with a difference.
    static func isWell(_ end: ChildEnd) -> Bool { end.reason == .exited(0) || end.reason == .exited(2) }

    /// The document that a child printed.
    ///
    /// - Parameters:
    ///   - list: the field that each such document has.
    ///   - fields: those that are kept.
    static func document(
        _ end: ChildEnd, of host: FleetHost, list: Name?, fields: Set<Name>, seconds: Double?
    ) throws(HostProblem) -> JSONValue {
        guard isWell(end) else { throw problem(end, host, seconds) }
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONReader.read(end.output, fields: fields.union(["version"] + [list].compactMap(\.self)))
        } catch {
            throw bad("its answer can't be read", cause: error.message)
        }
        guard let version = document["version"].number else { throw bad("its answer is no document of vfpool's") }
        guard version == 1 else {
            throw bad("its answer is of another vfpool", cause: "version \(version) of the JSON, and not 1")
        }
        if let list, !document[list].isList {
            throw bad("its answer is no document of vfpool's", cause: "there is no list \(list) in it")
        }
        return document
    }

    /// What a child printed that was asked for text.
    static func text(_ end: ChildEnd, of host: FleetHost, seconds: Double?) throws(HostProblem) -> JSONValue {
        guard isWell(end) else { throw problem(end, host, seconds) }
        guard let text = String(validating: end.output, as: UTF8.self) else {
            throw bad("its answer can't be read", cause: "it is not UTF-8")
        }
        return .text(Name(text))
    }

    private static func bad(_ message: String, cause: String? = nil) -> HostProblem {
        HostProblem(
            Failure(.badAnswer, message, cause: cause, hints: ["ask it alone, with `--connect URI` and `--verbose`"]))
    }

    private static func problem(_ end: ChildEnd, _ host: FleetHost, _ seconds: Double?) -> HostProblem {
        switch end.reason {
        case .timedOut:
            let time = seconds.map { $0 == $0.rounded() ? String(Int($0)) : String($0) } ?? "0"
            return HostProblem(
                Failure(
                    .timeout, "no answer within \(time) s",
                    hints: ["is it up, and the network to it? `--timeout SECONDS` waits longer"]), .timeout)
        case .tooLarge: return bad("its answer is too large to be read")
        case .notStarted(let number):
            return bad("vfpool could not be started to ask it", cause: String(cString: strerror(number)))
        case .signalled(let number): return bad("vfpool was ended while it asked it", cause: "by signal \(number)")
        case .exited(let status):
            let last = String(decoding: end.errors, as: UTF8.self).lines.last.map(String.init) ?? ""
            guard let error = try? JSONReader.read(Array(last.utf8))["error"], let problem = HostProblem(error) else {
                return bad(
                    "vfpool failed when it asked it", cause: last.isEmpty ? "exit status \(status)" : last)
            }
            return problem.of(host)
        }
    }
}
