import Glibc
import TestSupport
import Testing

/// Started without standard streams, or with hardly any descriptors: what is said goes nowhere, not into a file or socket that
/// got the number.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct ClosedStreamsOnRigTests {
    private static let strace = "/usr/bin/strace"
    private static let commands = [
        "hook run network lan port-created begin -", "hook run qemu vm1 start begin -", "hook install", "boot eth3",
    ]

    /// Writes to a standard stream, as strace tells them, once vfpool runs: to what, and whether that worked.
    private func writes(_ rig: Rig, _ script: String) throws -> (status: Int32, talk: [String]) {
        let trace = "strace -f -y -qq -o /run/trace -e trace=execve,write,writev,pwrite64,sendto,sendmsg"
        let result = try rig.start(["sh", "-c", "\(trace) sh -c '\(script)'"], input: "x\n").wait()
        let lines = try rig.sh("cat /run/trace").stdout.split(separator: "\n")
        let start = lines.lastIndex { $0.contains("execve(\"\(Rig.vfpool)\"") }
        let own = lines[(try #require(start, "\(result)"))...]
        return (
            result.status,
            own.filter { $0.contains(/\b(write|writev|pwrite64|sendto|sendmsg)\([012]\b/) }.map(String.init)
        )
    }

    @Test(.enabled(if: access(strace, X_OK) == 0, "no strace"), arguments: commands)
    func `nothing is said into a wrong file`(_ words: String) throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            for closed in ["<&-", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"] {
                for limit in ["", "ulimit -n 3; ", "ulimit -n 4; ", "ulimit -n 5; ", "ulimit -n 8; "] {
                    let (status, talk) = try writes(rig, "exec \(closed); \(limit)exec \(Rig.vfpool) \(words)")
                    #expect(status < 128, "\(limit)\(words) \(closed): \(status)")
                    for (number, name) in [(0, "<"), (1, ">"), (2, "2>")]
                    where closed.split(separator: " ").contains("\(name)&-") {
                        let wrong = talk.filter {
                            $0.contains("(\(number)<") && !$0.contains("(\(number)</dev/null>")
                                && !$0.contains(" = -1 ")
                        }
                        #expect(wrong == [], "\(limit)\(words) \(closed)")
                    }
                }
            }
        }
    }
}
