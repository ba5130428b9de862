import Model
import Reporting
import SRIOV
import TestSupport
import Text

@testable import vfpool

/// Hosts that pictures are drawn of.
enum PictureHosts {
    /// With one of everything that a picture shows: README has it.
    static func everything() throws -> State {
        var storage = PretendPF("eth5", bus: 0x81, vfs: 4)
        storage.node = 1
        storage.driver = "ice"
        var front = PretendPF("eth3", vfs: 8, possible: 63)
        front.node = 0
        var host = try PretendHost([front, storage])
        let groups =
            "<portgroup name='dmz'><vlan><tag id='42'/></vlan></portgroup><portgroup name='lan' default='yes'/>"
        try host.addPoolByHand("vfpool-eth3", pf: "eth3", inside: groups)
        try host.addPoolByHand("storage", pf: "eth5", inside: "<vlan><tag id='7'/></vlan>")
        try host.addGuest("web1", [.network("vfpool-eth3", portgroup: "dmz")], running: true, autostart: true)
        try host.addGuest("web2", [.network("vfpool-eth3", portgroup: "dmz")], running: true, autostart: true)
        try host.addGuest(
            "db1", [.network("vfpool-eth3"), .network("storage")], running: true, autostart: true)
        try host.addGuest("legacy", [.pin("eth3", 5)], running: true)
        try host.addGuest("build", [.network("vfpool-eth3")])
        try host.addGuest("archive", [.network("storage")])
        // It was bound while it ran: until it stops, its VF is kept for it.
        let pool = try host.network("vfpool-eth3")
        let reservation = Reservation(
            of: try host.address("eth3", 5), in: pool.uuid, ownerName: "legacy",
            ownerUUID: try host.guest("legacy").uuid, mac: MACAddress(PretendHost.mac(4, 0)))
        try host.createReservation("vfpool-eth3", Templates.port(reservation))
        var state = try host.state()
        let legacy = try index(of: "legacy", in: state)
        state.guests[legacy].interfaces[0].attachment = .network(name: "vfpool-eth3", portgroup: nil)
        state.pfs[1].isUp = false
        return state
    }

    /// 8 PFs with 64 VFs each, 5 of 8 in use; every eighth guest has VFs of two PFs.
    static func large() throws -> State {
        var host = try PretendHost(
            (0..<8).map { number in
                var pf = PretendPF("eth\(number)", bus: 3 + number, vfs: 64)
                pf.node = number / 4
                return pf
            })
        for number in 0..<8 { try host.addPoolByHand("vfpool-eth\(number)", pf: Name("eth\(number)")) }
        for number in 0..<8 {
            for guest in 0..<40 {
                var interfaces: [PretendNIC] = [.network(Name("vfpool-eth\(number)"))]
                if guest % 8 == 0 { interfaces.append(.network(Name("vfpool-eth\((number + 1) % 8)"))) }
                try host.addGuest(Name("vm\(number * 40 + guest)"), interfaces, running: guest % 10 != 9)
            }
        }
        return try host.state()
    }

    static func picture(_ state: State, named name: Name? = nil) throws -> Picture {
        let facts = HostFacts.unknown("there is no host", hasGrammars: true)
        return try Picture(Report(state), Diagnosis(state, facts, named: name), named: name)
    }

    static func drawing(_ state: State, named name: Name? = nil) throws -> Drawing {
        try PictureLayout(picture(state, named: name), title: "Who has which VF: qemu:///system").drawing
    }

    private static func index(of guest: Name, in state: State) throws -> Int {
        guard let index = state.guests.firstIndex(where: { $0.name == guest }) else { throw Missing() }
        return index
    }

    struct Missing: Error {}
}
