import FoundationEssentials
import TestSupport
import Testing

/// Commands that run out of file descriptors or memory: what they can't read, they don't take for free.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct ScarceOnRigTests {
    private static let host: [RigPart] = [
        .pf(
            "eth3", vfs: 8,
            uses: [
                .address(vf: 3, "192.0.2.1/24"), .bridge(vf: 4, "br9"), .vlan(vf: 5, "eth3v5.7"), .program(vf: 6),
            ]),
        .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1)), running: true),
        .guest("vm2", .bridge("br0", mac: OnRig.mac(2))),
    ]

    /// Runs a command under a limit of the shell's.
    private func run(_ rig: Rig, _ limit: String, _ words: [String]) throws -> CommandResult {
        try rig.start(
            ["bash", "-c", "ulimit \(limit) && exec \"$0\" \"$@\"", Rig.vfpool] + words,
            environment: ["SWIFT_BACKTRACE": "enable=no"]
        ).wait()
    }

    /// What a plan says, but for the UUID that each has for itself.
    private func text(_ result: CommandResult) -> [Substring] {
        result.stdout.split(separator: "\n").filter { !$0.contains("<uuid>") }
    }

    /// Each answer is that of a command with plenty, or an error with a code.
    private func check(_ rig: Rig, _ words: [String], _ limits: [String]) throws {
        let whole = try rig.start([Rig.vfpool] + words).wait()
        #expect(whole.status == 0, "\(whole)")
        var refused = 0
        for limit in limits {
            let result = try run(rig, limit, words)
            if result.status == 0 {
                #expect(text(result) == text(whole), "ulimit \(limit): \(result)")
            } else {
                refused += 1
                #expect(result.stdout.isEmpty, "ulimit \(limit): \(result)")
                // Where there is memory, it has a name.
                if limit.hasPrefix("-n") { #expect(result.stderr.contains("error["), "ulimit \(limit): \(result)") }
            }
        }
        #expect(refused > 0 && refused < limits.count, "the limits tell nothing")
    }

    @Test func `a plan without descriptors is the plan or an error`() throws {
        try Rig.with(Self.host) { rig throws in
            let limits = (4...20).map { "-n \($0)" }
            try check(rig, ["create", "eth3", "--dry-run"], limits)
            #expect(try rig.vfpool("create", "eth3").status == 0)
            try check(rig, ["bind", "vm2", "--dry-run"], limits)
            try check(rig, ["reconcile", "--dry-run"], limits)
        }
    }

    @Test func `a change without descriptors is the change or none`() throws {
        try Rig.with(Self.host) { rig throws in
            for limit in 4...20 where try rig.state().network("vfpool-eth3") == nil {
                let result = try run(rig, "-n \(limit)", ["create", "eth3"])
                let state = try rig.state()
                if result.status != 0 {
                    #expect(state.network("vfpool-eth3") == nil, "ulimit -n \(limit): \(result)")
                }
            }
            #expect(try rig.reserved("vfpool-eth3") == [0, 3, 4, 5, 6].map(OnRig.vf))
            #expect(try rig.problems() == [])
        }
    }

    /// Nothing that is in use is shown as free.
    @Test func `status without descriptors says what it does not know`() throws {
        try Rig.with(Self.host + [.pool("eth3")]) { rig throws in
            #expect(try rig.vfpool("reconcile").status == 0)
            for limit in 4...20 {
                let result = try run(rig, "-n \(limit)", ["status", "eth3", "--format", "json"])
                guard result.status == 0 else { continue }
                struct Status: Decodable {
                    struct PF: Decodable {
                        struct Function: Decodable {
                            var address: String
                            var use: String
                        }
                        struct Status: Decodable { var functions: [Function] }
                        var status: Status
                    }
                    var ports: [PF]
                }
                let status = try JSONDecoder().decode(Status.self, from: Data(result.stdout.utf8))
                let functions = status.ports.flatMap(\.status.functions)
                #expect(functions.count == 8, "ulimit -n \(limit): \(result)")
                let free = functions.filter { $0.use == "free" }.map(\.address)
                #expect(Set(free).isSubset(of: [1, 2, 7].map(OnRig.vf)), "ulimit -n \(limit): \(result)")
            }
        }
    }

    @Test func `a plan without memory is the plan or an error`() throws {
        try Rig.with(Self.host) { rig throws in
            try check(
                rig, ["create", "eth3", "--dry-run"],
                stride(from: 20_000, through: 400_000, by: 10_000).map { "-v \($0)" })
        }
    }
}
