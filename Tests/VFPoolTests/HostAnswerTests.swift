import Fleet
import Testing
import Text

@testable import vfpool

/// What a host's child process leaves behind, whole or not: each is said for what it is.
@Suite struct HostAnswerTests {
    private static let host = FleetHost("kvm7", uri: "qemu+ssh://kvm7/system?no_tty=1")

    private func problem(_ end: ChildEnd) throws -> HostProblem {
        do throws(HostProblem) {
            let document = try HostAnswer.document(end, of: Self.host, list: "pools", fields: [], seconds: 15)
            Issue.record("taken for whole: \(document)")
        } catch {
            return error
        }
        throw CancellationError()
    }

    private func end(_ output: String, _ errors: String = "", _ status: Int32 = 0) -> ChildEnd {
        ChildEnd(.exited(status), output: Array(output.utf8), errors: Array(errors.utf8))
    }

    @Test func aWholeAnswer() throws {
        let document = try HostAnswer.document(
            end(#"{"version": 1, "pools": [{"name": "a", "x": 1}], "later": {}}"#), of: Self.host, list: "pools",
            fields: ["name"], seconds: nil)
        #expect(document["pools"].items.map { $0["name"].text } == ["a"])
    }

    @Test(arguments: [
        #"{"version": 1, "pools": [{"name": "a"#, "", "null", "[]", #"{"version": 2, "pools": []}"#, #"{"pools": []}"#,
        #"{"version": 1}"#, #"{"version": 1, "pools": {}}"#, #"{"version": "1", "pools": []}"#,
        "{\"version\": 1, \"pools\": [\"\u{1}\"]}",
        "Welcome!\n{\"version\": 1, \"pools\": []}", #"{"version": 1, "pools": []} {}"#,
        String(repeating: #"{"pools":["#, count: 40_000),
    ]) func whatIsNoWholeAnswer(output: String) throws {
        let problem = try problem(end(output))
        #expect(problem.code == "bad-answer" && problem.result == .failed, "\(problem)")
    }

    @Test func aLaterVersionIsNamed() throws {
        let problem = try problem(end(#"{"version": 2, "pools": []}"#))
        #expect(problem.cause == "version 2 of the JSON, and not 1")
    }

    @Test func howItEnded() throws {
        #expect(try problem(ChildEnd(.timedOut)).message == "no answer within 15 s")
        #expect(try problem(ChildEnd(.timedOut)).result == .timeout)
        #expect(try problem(ChildEnd(.signalled(11))).cause == "by signal 11")
        for reason in [ChildEnd.Reason.tooLarge, .notStarted(2), .signalled(9), .exited(70)] {
            #expect(try problem(ChildEnd(reason)).code == "bad-answer")
        }
    }

    /// Its own error, by the last line of stderr; whatever ssh has said before.
    @Test(arguments: [
        ("no-connection", HostProblem.Result.unreachable), ("connection-lost", .unreachable), ("timeout", .timeout),
        ("access-denied", .failed), ("of-a-later-vfpool", .failed),
    ]) func itsOwnError(code: String, result: HostProblem.Result) throws {
        let error = #"{"version":1,"error":{"code":"\#(code)","message":"m\u001b","cause":"c","hints":["h"]}}"#
        let problem = try problem(end("", "Warning: host key\n\(error)\n", 1))
        #expect(problem.code == Name(code) && problem.result == result && problem.cause == "c")
        if result != .unreachable { #expect(problem.hints == ["h"]) }
        // Where ssh leads there, what it needs is said.
        if result == .unreachable { #expect(problem.hints.allSatisfy { $0.contains("BatchMode") }) }
        #expect(try self.problem(end("", "Killed\n", 1)).cause == "Killed")
    }
}
