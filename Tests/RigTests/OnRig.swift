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

    /// The functions that the network's next start hands out: none for a whole PF.
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
    func startChange(_ words: [String], by: [String] = [], after: UInt32) throws -> RunningCommand {
        let before = try changes()
        let command = try start(by + [Rig.vfpool] + words)
        _ = try eventually { try changes() != before || command.hasEnded }
        usleep(after)
        return command
    }

    /// How many answers of libvirt's a change takes. It is taken back.
    func answers(to words: [String]) throws -> Int {
        let link = try link()
        let result = try start([Rig.vfpool, "-c", link.uri] + words).wait()
        guard result.status == 0 else { throw RigError("\(result)") }
        let answers = link.answers
        // The journal knows a change by the way that led to libvirt.
        let undone = try vfpool("-c", link.uri, "undo", "--yes")
        guard undone.status == 0 else { throw RigError("\(undone)") }
        return answers
    }

    /// Starts a change, which stops where libvirt has given so many answers and the last did not come; or it has ended.
    func startChange(_ words: [String], heldAtAnswer answer: Int) throws -> (RunningCommand, RigLink) {
        let link = try link(heldAtAnswer: answer)
        let command = try start([Rig.vfpool, "-c", link.uri] + words)
        guard eventually({ link.isHeld || command.hasEnded }) else { throw RigError("neither held nor at its end") }
        return (command, link)
    }
}
