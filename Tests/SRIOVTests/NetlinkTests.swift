import Glibc
import TestSupport
import Testing
import Text

@testable import SRIOV

/// Pretend functions whose netdevs are real ones, in a network namespace of the test's own.
@Suite(.enabled(if: Namespace.isAllowed, "needs root and ip"))
struct NetlinkTests {
    private let pair = """
        ip link add v0 index 50 address 02:00:00:00:00:50 type veth peer name v1 index 51
        ip link set v0 up; ip link set v1 up
        """

    @Test func findsTheIPAddressesOfFunctions() throws {
        let host = try PretendSys([PretendPF("eth3", functions: [.onHost("v0"), .onHost("v1"), .onHost("v2")])])
        // v2 is no netdev of this namespace, though its index is.
        for (name, index) in [("v0", 50), ("v1", 51), ("v2", 50)] {
            try host.write("\(index)", "class/net/\(name)/ifindex")
        }
        let script =
            pair + """

                ip addr add 192.0.2.1/24 dev v0; ip addr add 198.51.100.7/32 dev v0
                ip addr add 2001:db8::1/64 dev v0 nodad
                for i in 1 2 3 4 5 6 7 8 9; do ip -6 addr show dev v1 | grep -q fe80 && exit 0; sleep 0.1; done; exit 1
                """
        let sysfs = host.sysfs(readsNetlink: true)
        let uses = try Namespace.run(script) { try sysfs.physicalFunctions().first?.functions.map(\.hostUses) }
        #expect(uses == [[.address("192.0.2.1/24"), .address("198.51.100.7"), .address("2001:db8::1/64")], [], []])
    }

    @Test func readsANetdev() throws {
        let (found, missing) = try Namespace.run(pair) { () -> (LinkMessage?, LinkMessage?) in
            let netlink = try Netlink()
            return (try netlink.link(index: 50), try netlink.link(index: 999))
        }
        #expect(found?.name == "v0")
        #expect(found?.mac == MACAddress("02:00:00:00:00:50"))
        #expect(found?.settings == [:])
        #expect(missing == nil)
    }

    @Test func seesWhatStandsOnANetdev() throws {
        let mount = try PretendSys().folder
        let script =
            pair + """

                ip link add br0 type bridge; ip link set v0 master br0
                ip link add link v1 name t0 type macvtap mode bridge; ip link add link v1 name m0 type macvlan mode bridge
                mount -t sysfs none \(mount)/sys
                """
        let uses = try Namespace.run(script) { () -> [[HostUse]] in
            let reading = try SysfsReader(Sysfs(root: mount + "/sys"))
            return try (["v0", "v1", "m0"] as [Name]).map { name in
                guard let netdev = try Folder("\(mount)/sys/class/net/\(name)") else { return [.otherNamespace] }
                return try reading.uses(name, netdev)
            }
        }
        #expect(
            uses == [
                [.upper(kind: "bridge", name: "br0")],
                [.upper(kind: "macvlan", name: "m0"), .upper(kind: "macvtap", name: "t0")], [],
            ])
    }

    @Test func findsAPortByAnAlternativeName() throws {
        let host = try PretendSys([PretendPF("v0", vfs: 1)])
        let sysfs = host.sysfs(readsNetlink: true)
        let script =
            pair
            + "\nip link property add dev v0 altname enp3s0f0np0longname; ip link property add dev v1 altname other"
        let names = try Namespace.run(script) {
            ["enp3s0f0np0longname", "other"].map { try? sysfs.physicalFunction($0).netdev }
        }
        #expect(names == ["v0", nil])
    }

    /// The PF's file says that its MAC was set; the kernel's netdev of that name and index is another one.
    @Test func asksNoOtherNetdevOfTheSameName() throws {
        var pf = PretendPF("v0", vfs: 1)
        pf.attributes = ["ifindex": "50", "addr_assign_type": "3"]
        let host = try PretendSys([pf])
        let sysfs = host.sysfs(readsNetlink: true)
        let found = try Namespace.run(pair) { try sysfs.physicalFunction("v0") }
        #expect(found.mac?.description == "a0:36:9f:03:00:00")
        #expect(found.permanentMAC == nil)
        #expect(found.functions.map(\.settings) == [nil])
    }
}

@Suite struct PermanentMACTests {
    private static let card: (name: String, mac: MACAddress)? = {
        try? find()
    }()

    private static func find() throws -> (name: String, mac: MACAddress)? {
        guard let netdevs = try Folder("/sys/class/net") else { return nil }
        for name in (try netdevs.names() ?? []).sorted() {
            guard try netdevs.has(name + "/device"), try netdevs.number(name + "/addr_assign_type") == 0,
                let mac = try netdevs.text(name + "/address").flatMap({ MACAddress($0) })
            else { continue }
            return (name, mac)
        }
        return nil
    }

    @Test(.enabled(if: card != nil, "needs a network card"))
    func asksTheDriver() throws {
        let card = try #require(Self.card)
        #expect(try Netlink().permanentMAC(of: Name(card.name)) == card.mac)
    }

    @Test func isNoneWithoutACard() throws {
        let netlink = try Netlink()
        #expect(try netlink.permanentMAC(of: "lo") == nil)
        #expect(try netlink.permanentMAC(of: "none-such") == nil)
        #expect(try netlink.permanentMAC(of: "a-name-that-is-too-long-for-a-netdev") == nil)
    }

    @Test func aPFThatIsNotHereHasNoTable() throws {
        let host = try PretendSys([PretendPF("eth3", vfs: 2)])
        let pf = try host.sysfs(readsNetlink: true).physicalFunction("eth3")
        #expect(pf == (try host.sysfs.physicalFunction("eth3")))
        #expect(pf.permanentMAC?.description == "a0:36:9f:03:00:00")
        #expect(pf.functions.map(\.settings) == [nil, nil])
    }
}
