import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// libvirt's daemon is restarted while a change is made over a slow link: the change is done, or put back, and nothing that
/// could not be asked passes for something that is not there.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct RestartOnRigTests {
    /// How often, in all; `VFPOOL_RESTARTS=200` for a night's sleep.
    private static let count = getenv("VFPOOL_RESTARTS").flatMap { Int(String(cString: $0)) } ?? 12

    /// Restarts at moments spread over the change's length, which is taken from one without.
    private func restarts(
        _ words: String..., hasPool: Bool = true, picture: (Rig) throws -> [String]
    ) throws {
        try Rig.with(OnRig.usual()) { rig throws in
            if hasPool { #expect(try rig.vfpool("create", "eth3").status == 0) }
            let before = try picture(rig)
            let uri = try rig.slowLink(milliseconds: 20)
            let command = ["-c", uri] + words
            let whole = try rig.startChange(command, after: 0)
            let start = ContinuousClock.now
            #expect(try whole.wait().status == 0)
            let length = ContinuousClock.now - start
            let after = try picture(rig)
            #expect(after != before)
            try undo(rig, uri)
            #expect(try picture(rig) == before)
            let rounds = max(1, Self.count / 3)
            var put = 0
            for round in 0..<rounds {
                let (seconds, attoseconds) = (length * (round * 2 + 1) / (rounds * 2)).components
                let moment = UInt32(seconds) * 1_000_000 + UInt32(attoseconds / 1_000_000_000_000)
                let running = try rig.startChange(command, after: moment)
                try rig.daemon(.restart)
                let result = try running.wait()
                #expect([0, 1, 5].contains(result.status), "round \(round): \(result)")
                // Of what can't be asked nothing is known, but that.
                if result.status != 0 {
                    put += 1
                    #expect(result.stderr.contains("error[connection-lost]"), "round \(round): \(result)")
                }
                if result.status == 5 {
                    let rest = try rig.vfpool("-c", uri, "migrate", "--resume", "--yes")
                    #expect(rest.status == 0, "round \(round): \(rest)")
                }
                #expect(try picture(rig) == (result.status == 1 ? before : after), "round \(round): \(result)")
                for _ in 0..<3 where try picture(rig) != before { try undo(rig, uri) }
                #expect(try picture(rig) == before, "round \(round): \(result)")
            }
            print("\(words[0]): \(rounds) restarts, \(put) put back")
        }
    }

    /// Takes back the last change that did more than bring pools in line.
    private func undo(_ rig: Rig, _ uri: String) throws {
        let result = try rig.vfpool("-c", uri, "undo", "--yes")
        #expect(result.status == 0, "\(result)")
    }

    @Test func `during create`() throws {
        try restarts("create", "eth3", hasPool: false) { rig in
            try rig.state().networks.map { "\($0.name) \($0.active)" } + (try rig.reserved("vfpool-eth3"))
        }
    }

    @Test func `during bind`() throws {
        try restarts("bind", "vm1", "vm2", "vm3") { rig in try guestsAndPool(rig, ["vm1", "vm2", "vm3"]) }
    }

    @Test func `during migrate`() throws {
        try restarts("migrate", "vm1", "vm2", "--yes") { rig in try guestsAndPool(rig, ["vm1", "vm2"]) }
    }

    private func guestsAndPool(_ rig: Rig, _ guests: [String]) throws -> [String] {
        try guests.map { try rig.document(guest: $0) } + [try rig.document(network: "vfpool-eth3")]
            + (try rig.reserved("vfpool-eth3"))
    }
}
