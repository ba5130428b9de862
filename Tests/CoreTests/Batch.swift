import Model
import SRIOV
import TestSupport
import Text

@testable import Planning

/// A host and a migration of several of its guests: one plan of many parts.
struct Batch: Sendable, CustomStringConvertible {
    let description: String
    let request: MigrateRequest
    let host: @Sendable () throws -> PretendHost

    private init(
        _ description: String, _ request: MigrateRequest = PretendHost.request(),
        _ host: @escaping @Sendable () throws -> PretendHost
    ) {
        self.description = description
        self.request = request
        self.host = host
    }

    /// The host before, the plan, and the host after it.
    func make() throws -> (before: PretendHost, plan: Plan, after: PretendHost) {
        let before = try host()
        let plan = try before.migration(request).plan
        var after = before
        try after.apply(plan)
        return (before, plan, after)
    }

    static let all = [
        Batch("shut off") { try pinned(running: false) },
        Batch("running") { try pinned(running: true) },
        Batch("two ports") {
            var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
            try host.addGuest("a", [.pin("eth3", 0), .pin("eth4", 0)])
            try host.addGuest("b", [.pin("eth4", 1)], running: true)
            try host.addGuest("c", [.pin("eth3", 1), .bridge("br0")])
            try host.apply(host.create("eth3"))
            try host.apply(host.create("eth4"))
            return host
        },
        Batch("pools to make", PretendHost.request(creates: true)) {
            var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
            try host.addGuest("a", [.pin("eth3", 0)], running: true)
            try host.addGuest("b", [.pin("eth4", 1)])
            try host.addGuest("c", [.pin("eth3", 2)])
            return host
        },
        Batch("a network to take over", PretendHost.request(creates: true)) {
            var host = try PretendHost([PretendPF("eth3", vfs: 4)])
            try host.addPoolByHand("hand", functions: [("eth3", 2), ("eth3", 3)])
            try host.addGuest("a", [.network("hand")])
            try host.addGuest("b", [.pin("eth3", 2)])
            try host.addGuest("c", [.pin("eth3", 3)])
            return host
        },
        Batch("live", PretendHost.request(live: true)) {
            var host = try pinned(running: true, free: 3)
            try host.addGuest("plain", [.hostdev("eth3", 3)], running: true)
            host.pfs[0].functions[3].settings = VFSettings(mac: MACAddress(PretendHost.mac(4, 0)))
            try host.addGuest("two", [.pin("eth3", 4), .pin("eth3", 5)], running: true)
            try host.reconcile()
            return host
        },
        Batch("all start at boot") {
            var host = try PretendHost.pooled(vfs: 3) { host in
                for number in 0..<3 { try host.addGuest("vm\(number)", [.pin("eth3", number)], autostart: true) }
            }
            try host.reboot()
            return host
        },
    ]

    private static func pinned(running: Bool, free: Int = 0) throws -> PretendHost {
        try PretendHost.pooled(vfs: 4 + free) { host in
            try host.addGuest("a", [.pin("eth3", 0)], running: running)
            try host.addGuest("b", [.pin("eth3", 1)])
            try host.addGuest("c", [.pin("eth3", 2)], running: running, autostart: true)
        }
    }
}
