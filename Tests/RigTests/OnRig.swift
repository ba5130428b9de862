import Glibc
import TestSupport

/// Small helpers of the tests that run vfpool on the rig.
enum OnRig {
    static func mac(_ number: Int) -> String { "52:54:00:00:00:" + (number < 10 ? "0" : "") + "\(number)" }

    static func vf(_ index: Int) -> String { "0000:03:1\(index / 4).\(index % 4 * 2)" }

    /// A host with two pinned guests, the first running, and one on a bridge.
    static func usual(vfs: Int = 8) -> [RigPart] {
        [
            .pf("eth3", vfs: vfs),
            .guest("vm1", .pinned("eth3", 0, mac: mac(1), inside: "<vlan><tag id='42'/></vlan>"), running: true),
            .guest("vm2", .pinned("eth3", 1, mac: mac(2))),
            .guest("vm3", .bridge("br0", mac: mac(3))),
        ]
    }

    static let macs = ["vm1": [mac(1)], "vm2": [mac(2)], "vm3": [mac(3)]]
}

extension Rig {
    /// A guest's inactive document, or a network's, with its secrets.
    func document(guest: String) throws -> String {
        try virsh("dumpxml", guest, "--inactive", "--security-info").stdout
    }
    func document(network: String) throws -> String { try virsh("net-dumpxml", network, "--inactive").stdout }

    /// The functions that the network's next start hands out: none for a whole port.
    func listed(_ network: String) throws -> Int {
        try document(network: network).split(separator: "\n").count { $0.contains("<address ") }
    }

    func reserved(_ network: String) throws -> [String] {
        try state().network(network)?.ports.compactMap(\.vf).sorted() ?? []
    }

    /// How many changes the journal has.
    func changes() throws -> Int {
        try sh("ls /var/lib/vfpool/changes 2>/dev/null | wc -l").stdout.split(separator: "\n").first.flatMap { Int($0) }
            ?? 0
    }

    /// The id of the newest change.
    func lastChange() throws -> String {
        try vfpool("log", "--quiet").stdout.split(separator: "\n").first.map(String.init) ?? ""
    }

    /// Starts a command, waits until its change is in the journal, and a little longer; it may have ended by then.
    func startChange(_ words: [String], after: UInt32) throws -> RunningCommand {
        let before = try changes()
        let command = try start([Rig.vfpool] + words)
        for _ in 0..<2_000 {
            guard try changes() == before else { break }
            usleep(5_000)
        }
        usleep(after)
        return command
    }
}
