import Model
import Planning
import SRIOV
import TestSupport
import Text

/// Short ways to ask for a migration, and to have it.
extension PretendHost {
    /// - Parameter guests: none means all.
    static func request(
        _ guests: [Name] = [], except: [Name] = [], pf: PCIAddress? = nil, creates: Bool = false,
        macvtap: Bool = false, macs: [String] = [], drop: [String] = [], live: Bool = false
    ) -> MigrateRequest {
        MigrateRequest(
            guests: guests, except: except, pf: pf?.description, createsPools: creates, includesMacvtap: macvtap,
            macs: macs.map { text in
                // `vm1 0000:03:10.0 52:54:00:00:00:01`
                let words = text.split(separator: " ").map(String.init)
                return MigrateRequest.GivenMAC(guest: Name(words[0]), address: words[1], mac: words[2])
            }, drop: drop, live: live, patience: 1)
    }

    func migration(_ request: MigrateRequest = request()) throws -> Migration {
        try Self.migration(state(), request)
    }

    static func migration(_ state: State, _ request: MigrateRequest = request()) throws -> Migration {
        try MigratePlanner.plan(state, request, uuid: uuids(state))
    }

    /// New ones for a host's next networks: the same whatever came before, so that hosts can be compared.
    static func uuids(_ state: State) -> () -> String {
        var number = state.networks.compactMap { Int($0.uuid.suffix(12)) }.max() ?? 100_000_000_000
        return {
            number += 1
            return "55555555-2222-4333-8444-\(number)"
        }
    }

    /// Where a guest's interfaces lead: `vfpool-eth3`, or what else.
    func places(_ guest: Name) throws -> [String] {
        try state().guest(named: guest).interfaces.map { $0.attachment.networkName?.string ?? $0.attachment.summary }
    }

    /// Brings everything in line, as the unit that runs `vfpool reconcile` does.
    mutating func reconcile() throws { try apply(ReconcilePlanner.plan(state())) }
}

extension Migration {
    /// Guests left out, with the reason's code.
    var reasons: [String] { leftOut.map { "\($0.guest) \($0.failure.code.rawValue)" } }

    /// Where each MAC came from.
    var sources: [String] { rows.map { "\($0.guest) \($0.mac) \($0.source)" } }
}
