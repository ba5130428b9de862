import FoundationEssentials
import Libvirt
import Testing
import Text

/// A host of libvirt's test driver: a document in a folder that goes with it.
final class PretendHost {
    let uri: String
    private let folder: URL

    init(_ document: String = PretendHost.document) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "LibvirtTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "host.xml")
        try Data(document.utf8).write(to: file)
        uri = "test://\(file.path)"
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Each connection is a host of its own: the driver reads the document anew.
    func connection(readOnly: Bool = false, events: Bool = false) throws(LibvirtError) -> Connection {
        try Connection.open(uri, readOnly: readOnly, events: events)
    }

    static let document = """
        <node>
        \(domain(named: "web", uuid: "11111111-2222-3333-4444-aabbccddeeff"))
        \(domain(named: "db", uuid: "11111111-2222-3333-4444-000000000002"))
        \(network(named: "lan"))
        <device>
          <name>computer</name>
          <capability type='system'>
            <hardware><uuid>11111111-2222-3333-4444-555555555555</uuid></hardware><firmware/>
          </capability>
        </device>
        <device>
          <name>pci_0000_03_00_0</name><parent>computer</parent>
          <capability type='pci'>
            <class>0x020000</class><domain>0</domain><bus>3</bus><slot>0</slot><function>0</function>
            <product id='0x10c9'>82576</product><vendor id='0x8086'>Intel</vendor>
            <capability type='virt_functions' maxCount='8'>
              <address domain='0x0000' bus='0x03' slot='0x10' function='0x0'/>
            </capability>
          </capability>
        </device>
        <device>
          <name>net_eth3_02_00_00_00_00_01</name><parent>pci_0000_03_00_0</parent>
          <capability type='net'>
            <interface>eth3</interface><address>02:00:00:00:00:01</address><link state='down'/>
          </capability>
        </device>
        </node>
        """

    static func domain(named name: String, uuid: String? = nil, extra: String = "") -> String {
        """
        <domain type='test'>
          <name>\(name)</name>\(uuid.map { "<uuid>\($0)</uuid>" } ?? "")
          <memory>8192</memory>
          <os><type>hvm</type></os>
          <devices>
            <graphics type='vnc' port='-1' passwd='secret'/>
            \(extra)
          </devices>
        </domain>
        """
    }

    static func network(named name: String, extra: String = "") -> String {
        """
        <network>
          <name>\(name)</name>
          <bridge name='vf\(name)'/>
          <ip address='192.0.2.1' netmask='255.255.255.0'/>
          \(extra)
        </network>
        """
    }
}
