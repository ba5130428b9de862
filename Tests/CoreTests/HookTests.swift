import FoundationEssentials
import Hook
import Journal
import Model
import SRIOV
import TestSupport
import Testing
import Text

/// The hook by itself: documents and files in, words to a driver out.
@Suite struct HookTests {
    private final class Complaints { var words: [String] = [] }

    private let folder: TemporaryFolder
    private let tables: PretendTables
    private let complaints = Complaints()
    private let hook: SettingsHook
    private let function: PCIAddress
    private let networkUUID = "22222222-2222-3333-4444-000000000003"
    private let guestUUID = "11111111-2222-3333-4444-000000000001"
    private let untouched = VFSettings(trust: false, spoofCheck: true, linkState: .auto)

    init() throws {
        folder = try TemporaryFolder()
        function = try #require(PCIAddress("0000:03:10.0"))
        let other = try #require(PCIAddress("0000:03:10.2"))
        tables = PretendTables([function: untouched, other: untouched])
        let complaints = complaints
        hook = SettingsHook(
            files: DaemonFiles(configuration: folder.path + "/etc", status: folder.path + "/run"),
            records: FunctionRecords(folder: folder.path + "/vfpool"), tables: tables
        ) { complaints.words.append($0) }
        for path in ["etc/networks", "run"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(path)", withIntermediateDirectories: true)
        }
    }

    // MARK: What libvirt's files and words are

    private func write(_ text: String, _ path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(path)"))
    }

    private func network(_ settings: String, uuid: String? = nil, vlan: String = "") -> String {
        """
        <network connections='1'><name>pool</name><uuid>\(uuid ?? networkUUID)</uuid>
          <metadata><vfpool:pool xmlns:vfpool="urn:vfpool:1"><vfpool:pf dev="eth3"/>\(settings)</vfpool:pool></metadata>
          <forward mode='hostdev' managed='yes'><pf dev='eth3'/></forward>\(vlan)
          <portgroup name='lan' default='yes'/><portgroup name='dmz'/>
        </network>
        """
    }

    private func guest(_ settings: String, mac: String = "52:54:00:00:00:01", uuid: String? = nil) -> String {
        """
        <!-- WARNING: AUTO-GENERATED -->
        <domain type='kvm'><name>vm1</name><uuid>\(uuid ?? guestUUID)</uuid>
          <metadata><vfpool:guest xmlns:vfpool="urn:vfpool:1"><vfpool:settings mac="\(mac)" \(settings)/></vfpool:guest></metadata>
          <devices/>
        </domain>
        """
    }

    private func data(
        port: String = "6478adca-4cc2-4ddd-bf36-a37541a92b51", group: String = "", vlan: String = "",
        network: String? = nil,
        owner: String = "vm1"
    ) -> String {
        """
        <hookData>\(network ?? self.network(""))
          <networkport><uuid>\(port)</uuid><owner><name>\(owner)</name><uuid>\(guestUUID)</uuid></owner>\(group)
            <mac address='52:54:00:00:00:01'/>\(vlan)
            <plug type='hostdev-pci' managed='yes'><address domain='0x0000' bus='0x03' slot='0x10' function='0x0'/></plug>
          </networkport>
        </hookData>
        """
    }

    private func run(_ operation: String, _ input: String) throws {
        try hook.run(HookCall(["network", "pool", operation, "begin", "-"])) { () throws(Failure) in input }
    }

    private func starts() throws {
        try hook.run(HookCall(["qemu", "vm1", "start", "begin", "-"])) { () throws(Failure) in guest("") }
    }

    private var row: VFSettings? { tables[function] }

    // MARK: Giving and taking back

    @Test func gives() throws {
        try write(network("<vfpool:settings max-rate='100' trust='off'/>"), "etc/networks/pool.xml")
        try write(guest("trust='on'"), "etc/vm1.xml")
        try run("port-created", data())
        #expect(row == VFSettings(trust: true, spoofCheck: true, linkState: .auto, maxRate: 100))
        #expect(tables.told == [.trust(true), .rate(min: 0, max: 100)])
        // Again, as when the daemon is restarted: nothing is told.
        try write("<domstatus portid='6478ADCA-4cc2-4ddd-bf36-a37541a92b51'/>", "run/vm1.xml")
        try write(guest("trust='off'"), "etc/vm1.xml")
        try run("port-created", data())
        #expect(tables.told.count == 2, "what is said meanwhile counts from the next start on")
        try run("port-deleted", data())
        #expect(row == untouched)
        try run("port-deleted", data())
        #expect(tables.told.count == 4 && complaints.words.isEmpty)
    }

    @Test func givesNothing() throws {
        try run("port-created", data())
        // Other objects of the same names.
        try write(network("<vfpool:settings trust='on'/>", uuid: guestUUID), "etc/networks/pool.xml")
        try write(guest("trust='on'", uuid: networkUUID), "etc/vm1.xml")
        try run("port-created", data())
        // Another interface of the guest, a port that is no VF's, one of vfpool's own.
        try write(guest("trust='on'", mac: "52:54:00:00:00:02"), "etc/vm1.xml")
        try run("port-created", data())
        try write(guest("trust='on'"), "etc/vm1.xml")
        try run(
            "port-created",
            data().replacing("type='hostdev-pci'", with: "type='bridge'").replacing("<address", with: "<x"))
        try run("port-created", data(port: "76667000-4cc2-8ddd-8f36-a37541a92b51"))
        for words in [[], ["network"], ["network", "pool", "started"], ["lxc", "a", "start", "begin"]] {
            try hook.run(HookCall(words)) { () throws(Failure) in throw Failure(.file, "not asked for") }
        }
        #expect(tables.told.isEmpty)
    }

    /// The port's own words go before the default portgroup's; the network's as it runs count where there is no file.
    @Test func precedence() throws {
        let settings =
            "<vfpool:settings max-rate='1'/><vfpool:settings portgroup='lan' max-rate='2'/><vfpool:settings portgroup='dmz' max-rate='3'/>"
        try run("port-created", data(network: network(settings)))
        #expect(row?.maxRate == 2)
        try write(network(settings), "etc/networks/pool.xml")
        try run("port-created", data(group: "<group>dmz</group>"))
        #expect(row?.maxRate == 3)
        try write(guest("max-rate='4'"), "etc/vm1.xml")
        try run("port-created", data(group: "<group>dmz</group>"))
        #expect(row?.maxRate == 4)
        try run("port-deleted", data())
        #expect(row == untouched, "the first that was found")
    }

    /// A guest's port was forgotten (`net-destroy`): whoever gets the VF next has nothing of it.
    @Test func leftovers() throws {
        try write(guest("trust='on' max-rate='5'"), "etc/vm1.xml")
        try run("port-created", data())
        try write(guest("max-rate='7'"), "etc/vm1.xml")
        try run("port-created", data(port: "7478adca-4cc2-4ddd-bf36-a37541a92b51"))
        #expect(row == VFSettings(trust: false, spoofCheck: true, linkState: .auto, maxRate: 7))
        try write(guest(""), "etc/vm1.xml")
        try run("port-created", data(port: "8478adca-4cc2-4ddd-bf36-a37541a92b51"))
        #expect(row == untouched)
    }

    // MARK: Refusals

    @Test func refuses() throws {
        try write(guest("trust='on' link-state='enable' max-rate='5'"), "etc/vm1.xml")
        tables.refuse(.linkState(.enable))
        let failure = #expect(throws: Failure.self) { try run("port-created", data()) }
        #expect(failure?.message == "VF 0 of eth3 for guest vm1 can't have link-state enable")
        #expect(failure?.cause == "Operation not supported")
        #expect(row == untouched)
        tables.refuse()
        tables.ignore(.trust(true))
        let ignored = #expect(throws: Failure.self) { try run("port-created", data()) }
        #expect(ignored?.cause == "the driver accepted it, but the VF has off")
        #expect(row == untouched)
        try run("port-deleted", data())
        // In words that mean nothing.
        try write(guest("trust='maybe'"), "etc/vm1.xml")
        #expect(throws: Failure.self) { try run("port-created", data()) }
        // A file that is no document: what it wants can't be known.
        try write("<domain", "etc/vm1.xml")
        #expect(throws: Failure.self) { try run("port-created", data()) }
        #expect(throws: Failure.self) { try run("port-created", "") }
        #expect(complaints.words.isEmpty)
    }

    /// A guest that runs is stopped by nothing.
    @Test func refusesNobodyWhoRuns() throws {
        try write(guest("trust='on'"), "etc/vm1.xml")
        try write("<domstatus portid='6478adca-4cc2-4ddd-bf36-a37541a92b51'/>", "run/vm1.xml")
        tables.refuse(.trust(true))
        try run("port-created", data())
        #expect(complaints.words.count == 1)
        // One that is plugged in, though, is not let in.
        #expect(throws: Failure.self) { try run("port-created", data(port: "7478adca-4cc2-4ddd-bf36-a37541a92b51")) }
        try run("port-deleted", "")
        #expect(complaints.words.count == 2)
    }

    /// What could not be taken back is not forgotten.
    @Test func keepsWhatItHad() throws {
        try write(guest("trust='on'"), "etc/vm1.xml")
        try run("port-created", data())
        tables.refuse(.trust(false))
        try run("port-deleted", data())
        #expect(row?.trust == true && complaints.words.count == 1)
        tables.refuse()
        try write(guest(""), "etc/vm1.xml")
        try run("port-created", data())
        #expect(row == untouched)
    }

    // MARK: VLAN tags

    /// libvirt sets the VLAN after the port is created, with priority 0, and takes it away before it is deleted.
    @Test func tags() throws {
        try write(guest("vlan-qos='3' vlan-protocol='802.1ad' trust='on'"), "etc/vm1.xml")
        try run("port-created", data(vlan: "<vlan><tag id='42'/></vlan>"))
        #expect(row == VFSettings(trust: true, spoofCheck: true, linkState: .auto), "not yet")
        tables[function]?.vlan = 42
        // The driver forgot something when the VF went to VFIO.
        tables[function]?.trust = false
        try starts()
        #expect(row?.trust == true)
        #expect(row?.qos == 3 && row?.vlanProtocol == .provider && row?.vlan == 42)
        try starts()
        // The daemon is restarted, after somebody cleared it.
        tables[function]?.qos = nil
        try write("<domstatus portid='6478adca-4cc2-4ddd-bf36-a37541a92b51'/>", "run/vm1.xml")
        try run("port-created", data(vlan: "<vlan><tag id='42'/></vlan>"))
        #expect(row?.qos == 3)
        tables[function] = VFSettings(trust: true, spoofCheck: true, linkState: .auto)
        try run("port-deleted", data(vlan: "<vlan><tag id='42'/></vlan>"))
        #expect(row == untouched)
        #expect(!tables.told.contains(.vlan(0, qos: 0, .customer)))
    }

    @Test func tagsRefused() throws {
        try write(guest("vlan-qos='3'"), "etc/vm1.xml")
        // Without a VLAN there is nothing to set.
        try run("port-created", data())
        try starts()
        try run("port-deleted", data())
        #expect(tables.told.isEmpty)
        try run("port-created", data(network: network("", vlan: "<vlan><tag id='7'/></vlan>")))
        tables.refuse(.vlan(7, qos: 3, .customer))
        #expect(throws: Failure.self) { try starts() }
        // Into a running guest.
        try write("<domstatus/>", "run/vm1.xml")
        let failure = #expect(throws: Failure.self) {
            try run(
                "port-created", data(port: "7478adca-4cc2-4ddd-bf36-a37541a92b51", vlan: "<vlan><tag id='42'/></vlan>"))
        }
        #expect(failure?.hints.isEmpty == false)
    }
}
