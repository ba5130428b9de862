import Fleet
import FoundationEssentials
import Model
import Text

/// The one JSON document of many hosts, each with its own in it, in the order in which they were named.
///
/// It is printed as the answers come. Those that are there before their turn wait in a file, so that the memory that is needed does not
/// grow with the fleet.
struct FleetDocument {
    private let output: Output
    private let spool = Spool()
    private var next = 0

    init(_ output: Output) {
        self.output = output
        if output.format == .json { output.data("{\n  \"hosts\" : [") }
    }

    /// - Parameter answer: the host's document, as it came; it is known to be one if there is no problem.
    mutating func add(_ index: Int, _ host: FleetHost, _ problem: HostProblem?, _ answer: [UInt8]) {
        let text = Self.entry(host, problem, answer)
        guard index == next else { return spool.put(index, text) }
        print(text)
        while let text = spool.take(next) { print(text) }
    }

    private mutating func print(_ text: String) {
        output.data((next == 0 ? "\n" : ",\n") + text)
        next += 1
    }

    /// - Parameter more: what stands beside `hosts`.
    func end(_ more: [(field: String, value: any Encodable)]) throws(Failure) {
        output.data("\n  ],\n")
        for (field, value) in more {
            output.data("  \"\(field)\" : \(Self.indented(try JSONText.text(value, pretty: true), by: "  ")),\n")
        }
        output.data("  \"version\" : 1\n}\n")
    }

    private static func entry(_ host: FleetHost, _ problem: HostProblem?, _ answer: [UInt8]) -> String {
        let document =
            problem == nil ? JSONText.escaped(String(String(decoding: answer, as: UTF8.self).trimmed)) : "null"
        let error = problem.flatMap { try? JSONText.text($0, pretty: true) } ?? "null"
        let fields = [
            ("document", indented(document, by: "      ")), ("error", indented(error, by: "      ")),
            ("host", text(host.name.string)), ("result", text(problem?.result.rawValue ?? "ok")),
            ("uri", text(host.uri)),
        ]
        return "    {\n" + fields.map { "      \"\($0.0)\" : \($0.1)" }.joined(separator: ",\n") + "\n    }"
    }

    private static func text(_ text: String) -> String { (try? JSONText.text(text, pretty: false)) ?? "\"\"" }

    /// Within its strings no line ends.
    private static func indented(_ json: String, by blanks: String) -> String {
        json.replacing(bytes: "\n", with: "\n" + blanks)
    }
}
