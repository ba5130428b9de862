import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text
import XML

@Suite struct ReservationTests {
    private let networks = [
        "11111111-2222-4333-8444-000000000001", "11111111-2222-4333-8444-000000000002",
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ]

    /// One for every function of a full card in every slot's neighbour, in several networks.
    @Test func distinct() throws {
        var seen: Set<String> = []
        var count = 0
        for network in networks {
            for bus in ["00", "03", "04", "fe"] {
                for slot in 0..<32 {
                    for function in 0..<8 {
                        let digits = String(slot, radix: 16)
                        let text = "0000:\(bus):\(digits.count < 2 ? "0" : "")\(digits).\(function)"
                        let address = try #require(PCIAddress(text))
                        let uuid = Reservation.uuid(of: address, in: network)
                        seen.insert(uuid)
                        count += 1
                        if function == 0, slot == 0 { #expect(isValid(uuid), "\(uuid)") }
                    }
                }
            }
        }
        #expect(seen.count == count)
    }

    /// Version 8, variant 1, and ours to see.
    private func isValid(_ uuid: String) -> Bool {
        let parts = uuid.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12] && parts.joined().allSatisfy { $0.isHexDigit && !$0.isUppercase }
            && parts[2].first == "8" && "89ab".contains(parts[3].prefix(1)) && parts[0] == "76667000"
    }

    @Test func sameForAnySpelling() throws {
        let address = try #require(PCIAddress("0000:03:10.2"))
        #expect(
            Reservation.uuid(of: address, in: networks[0].uppercased())
                == Reservation.uuid(of: address, in: networks[0]))
    }

    @Test func toldFromGuestsPorts() throws {
        let address = try #require(PCIAddress("0000:03:10.2"))
        let other = try #require(PCIAddress("0000:03:10.4"))
        func port(_ uuid: String, _ address: PCIAddress?) -> NetworkPortState {
            NetworkPortState(uuid: uuid, ownerName: "vm", ownerUUID: PretendHost.uuid(1), mac: nil, address: address)
        }
        let uuid = Reservation.uuid(of: address, in: networks[0])
        #expect(Reservation.isReservation(port(uuid, address), of: networks[0]))
        #expect(Reservation.isReservation(port(uuid.uppercased(), address), of: networks[0]))
        #expect(!Reservation.isReservation(port(uuid, other), of: networks[0]))
        #expect(!Reservation.isReservation(port(uuid, address), of: networks[1]))
        #expect(!Reservation.isReservation(port(uuid, nil), of: networks[0]))
        #expect(!Reservation.isReservation(port(PretendHost.uuid(9), address), of: networks[0]))
    }

    /// libvirt requires a MAC of every port; one that is made up is no multicast and no real card's.
    @Test func madeUpMACs() throws {
        var seen: Set<String> = []
        for index in 0..<256 {
            let digits = String(index, radix: 16)
            let address = try #require(PCIAddress("0000:\(digits.count < 2 ? "0" : "")\(digits):10.2"))
            let reservation = Reservation(
                of: address, in: networks[0], ownerName: "vm", ownerUUID: networks[1], mac: nil)
            let mac = try #require(MACAddress(reservation.mac))
            #expect(mac.isLocallyAdministered && !mac.isMulticast)
            seen.insert(reservation.mac)
        }
        #expect(seen.count == 256)
        #expect(Reservation.hostUUID.count == 36)
    }

    /// A guest whose own MAC libvirt would not take for a port.
    @Test func hostileOwner() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest(
                "a&amp;&lt;b&gt;",
                [
                    .xml(
                        """
                        <interface type='hostdev' managed='yes'><mac address='01:00:5e:00:00:01'/><source><address type='pci' \
                        domain='0x0000' bus='0x03' slot='0x10' function='0x0'/></source></interface>
                        """)
                ])
        }
        let pool = try host.pool("vfpool-eth3")
        #expect(pool.reservations.map(\.ownerName) == ["a&<b>"])
        #expect(pool.reservations.first?.mac?.isMulticast == false)
        #expect(try ReconcilePlanner.plan(host.state()).isEmpty)
        try host.apply(DeletePlanner.plan(host.state(), pool: "vfpool-eth3"))
    }
}
