import Glibc
import TestSupport
import Testing

/// The way to libvirt is cut while a change is made, and libvirt does later what it was asked: in the end documents and
/// journal say the same.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct CutLinkOnRigTests {
    /// How often, in all; `VFPOOL_CUTS=10` with more guests by `VFPOOL_CUT_GUESTS=30`.
    private static let count = getenv("VFPOOL_CUTS").flatMap { Int(String(cString: $0)) } ?? 4
    private static let guests = getenv("VFPOOL_CUT_GUESTS").flatMap { Int(String(cString: $0)) } ?? 10

    @Test(arguments: [0.5, 8]) func `documents and journal say the same`(_ late: Double) throws {
        let names = (1...Self.guests).map { "vm\($0)" }
        let mac = { (index: Int) in "52:54:00:00:01:" + (index < 16 ? "0" : "") + String(index, radix: 16) }
        let guests = names.enumerated().map { index, name in
            RigPart.guest(name, .pinned("eth3", index, mac: mac(index)))
        }
        try Rig.with([.pf("eth3", vfs: Self.guests + 2)] + guests) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try names.map { try rig.document(guest: $0) }
            let network = try rig.document(network: "vfpool-eth3")
            let words = ["migrate"] + names + ["--yes"]
            let answers = try rig.answers(to: words)
            for round in 0..<Self.count {
                let former = Set(try changes(rig))
                let link = try rig.link(milliseconds: 10)
                let command = try rig.start([Rig.vfpool, "-c", link.uri] + words)
                // Not while it still reads: nothing was asked then.
                let moment = answers * (Self.count + round) / (2 * Self.count)
                _ = eventually { link.answers >= moment || command.hasEnded }
                link.cut(late: late)
                let result = try command.wait()
                let place = "round \(round), after \(moment) of \(answers) answers: \(result)"
                // Whatever came later has come by then.
                usleep(UInt32(late * 1_000_000) + 1_500_000)
                let bound = try names.enumerated().filter { try rig.document(guest: $1) != before[$0] }.map(\.element)
                let new = try changes(rig).filter { !former.contains($0) }
                let log = try new.map { try rig.vfpool("log", $0).stdout }.joined(separator: "\n")
                let told = told(log)
                let isTrue = told.done.isSubset(of: bound) && Set(bound).isSubset(of: told.done.union(told.possible))
                #expect(isTrue, "\(place)\n\(bound)\n\(log)")
                if round % 2 == 0, result.status == 5 {
                    let rest = try rig.vfpool("migrate", "--resume", "--yes")
                    #expect(rest.status == 0, "\(place): \(rest)")
                }
                for id in try changes(rig) where !former.contains(id) {
                    let undone = try rig.vfpool("undo", id, "--yes")
                    #expect(undone.status == 0, "\(place): \(undone)")
                }
                #expect(try names.map { try rig.document(guest: $0) } == before, "\(place)")
                #expect(try rig.document(network: "vfpool-eth3") == network, "\(place)")
                #expect(try rig.problems(macs: [:]) == [], "\(place)")
            }
        }
    }

    /// The changes in the journal, newest first.
    private func changes(_ rig: Rig) throws -> [String] {
        try rig.vfpool("log", "--quiet").stdout.split(separator: "\n").map(String.init)
    }

    /// The guests whose documents `log ID` says to be done, and those that may be.
    private func told(_ log: String) -> (done: Set<String>, possible: Set<String>) {
        var (done, possible): (Set<String>, Set<String>) = ([], [])
        for line in log.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 4, words[2] == "guest", words[4].hasPrefix("redefine") else { continue }
            if words[1] == "done" { done.insert(words[3]) }
            if words[1] == "possible" || words[1] == "begun" { possible.insert(words[3]) }
        }
        return (done, possible)
    }
}
