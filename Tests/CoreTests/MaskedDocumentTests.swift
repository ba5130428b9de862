import TestSupport
import Testing
import Text
import XML

@testable import Reporting

/// Of a document only what is libvirt's own stays as it is; what is not known to be is masked.
@Suite struct MaskedDocumentTests {
    private static let guest = """
        <domain type='kvm' id='7'>
          <!-- of Acme, 52:54:00:00:00:07 -->
          <name>acme</name><uuid>6ba7b810-9dad-11d1-80b4-00c04fd430c8</uuid><title>Acme's</title>
          <metadata><a:b xmlns:a='http://acme.example/' owner='alice'>x</a:b></metadata>
          <memory unit='KiB'>1048576</memory><vcpu placement='static'>2</vcpu>
          <sysinfo type='smbios'><system><entry name='serial'>12345</entry></system></sysinfo>
          <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type><loader readonly='yes'>/usr/share/OVMF/OVMF.fd</loader></os>
          <devices>
            <emulator>/usr/bin/qemu-system-x86_64</emulator>
            <disk type='file' device='disk'><source file='/srv/acme/disk.img'/><target dev='vda' bus='virtio'/><serial>42</serial></disk>
            <interface type='hostdev' managed='yes'><mac address='52:54:00:00:00:07'/><source><address type='pci' domain='0x0000' \
        bus='0x03' slot='0x10' function='0x0'/></source><vlan><tag id='42'/></vlan><alias name='ua-acme'/></interface>
            <interface type='network'><source network='tenants' portgroup='gold'/><alias name='net1'/></interface>
            <serial type='tcp'><source mode='connect' host='console.acme-corp.example' service='2445'/></serial>
            <disk type='network'><auth><secret type='ceph' uuid='11112222-3333-4444-5555-666677778888'/></auth></disk>
            <graphics type='vnc' port='5900' passwd='1234' listen='10.0.0.1'/>
          </devices>
          <qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
            <qemu:arg value='-device'/><qemu:arg value='vfio-pci,host=0000:03:10.1,id=corp-nic,serial=12345,bus=pci.4,acpi=off'/><qemu:arg value='key=hunter2'/>
          </qemu:commandline>
        </domain>
        """

    @Test func onlyLibvirtsOwnWordsStay() throws {
        let masks = Masks([Masks.Word(.guest, "acme"), Masks.Word(.pool, "tenants")])
        let text = try MaskedDocument.text(Self.guest, .guest, masks)
        for told in [
            "acme", "Acme", "6ba7b810", "alice", "12345", ">42<", "1234", "10.0.0.1", "52:54:00", "gold", "tenants",
            "hunter2", "disk.img", "corp-nic",
            "<!--", "console", "11112222",
        ] {
            #expect(!text.contains(told), "\(told) in \(text)")
        }
        for kept in [
            "<name>guest-1</name>", "<memory unit=\"KiB\">1048576</memory>", "machine=\"pc-q35-7.2\"", ">hvm<",
            "/usr/share/OVMF/OVMF.fd",
            "<mac address=\"02:00:00:00:00:01\"/>", "bus=\"0x03\" slot=\"0x10\"", "<tag id=\"42\"/>",
            "network=\"pool-1\"",
            "portgroup=\"portgroup-1\"", "<alias name=\"net1\"/>", "<alias name=\"alias-1\"/>", "value=\"-device\"",
            "vfio-pci,host=0000:03:10.1,id=text-", "acpi=off", "dev=\"vda\" bus=\"virtio\"", "port=\"5900\"",
            "mode=\"connect\" host=\"host-1\" service=\"2445\"",
        ] {
            #expect(text.contains(kept), "no \(kept) in \(text)")
        }
    }

    @Test func aPoolsMarkStays() throws {
        let masks = Masks([Masks.Word(.pool, "tenants")])
        let text = try MaskedDocument.text(
            """
            <network><name>tenants</name><metadata><vfpool:pool xmlns:vfpool="urn:vfpool:1"><vfpool:pf dev="eth3" \
            address="0000:03:00.0" mac="a0:36:9f:00:00:03"/><vfpool:settings trust="on"/></vfpool:pool></metadata>\
            <forward mode='hostdev' managed='yes'><driver name='vfio'/><pf dev='eth3'/></forward>\
            <portgroup name='gold' default='yes'/></network>
            """, .pool, masks)
        for kept in [
            "<name>pool-1</name>", "dev=\"eth3\" address=\"0000:03:00.0\" mac=\"02:00:00:00:00:01\"", "trust=\"on\"",
            "<driver name=\"vfio\"/>", "<pf dev=\"eth3\"/>", "<portgroup name=\"portgroup-1\" default=\"yes\"/>",
        ] {
            #expect(text.contains(kept), "no \(kept) in \(text)")
        }
    }

    /// What a value is like decides nothing where it may be anybody's; no document of libvirt's own is refused.
    @Test(.enabled(if: Corpus.isThere, "no corpus: make corpus")) func libvirtsOwnDocuments() throws {
        let masks = Masks([])
        for path in Corpus.documents() {
            guard let text = Corpus.read(path), let root = try? Document(parsing: text).root, root.name == "domain"
            else { continue }
            let masked = try MaskedDocument.text(text, .guest, masks)
            let told = [root.first("uuid")?.text, root.first("title")?.text].compactMap(\.self).filter {
                // What stands for none stays.
                $0.utf8.count > 8 && !$0.utf8.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "-") }
            }
            #expect(!told.contains { masked.contains($0) }, "\(path)")
        }
    }
}
