import FoundationEssentials
import TestSupport
import Testing

/// Guests whose documents hold more than one thing at once.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct FieldGuestTests {
    @Test func `VFs that were attached for this run only are kept for it, and no longer`() throws {
        try Rig.with(
            .pf("enp5s0f1", vfs: 4, bus: "05"), .guest("v0", running: true), .guest("v1", running: true)
        ) { rig throws in
            let sriov = """
                <interface type='hostdev' managed='yes'><mac address='\(OnRig.mac(6))'/><source>
                <address type='pci' domain='0x0000' bus='0x05' slot='0x10' function='0x0'/></source></interface>
                """
            let plain = """
                <hostdev mode='subsystem' type='pci' managed='yes'><source>
                <address domain='0x0000' bus='0x05' slot='0x10' function='0x2'/></source></hostdev>
                """
            for (guest, device) in [("v0", sriov), ("v1", plain)] {
                let attached = try rig.run(
                    "virsh", "-q", "attach-device", guest, "/dev/stdin", "--live", input: device)
                #expect(attached.status == 0, "\(attached)")
            }
            #expect(try rig.vfpool("create", "enp5s0f1", "-q").status == 0)
            #expect(try rig.reserved("vfpool-enp5s0f1") == ["0000:05:10.0", "0000:05:10.2"])
            let status = try rig.vfpool("status")
            for guest in ["v0", "v1"] {
                #expect(status.stderr.contains("guest \(guest) has to be shut down and started again"), "\(status)")
            }
            let migrated = try rig.vfpool("migrate", "--all", "--dry-run")
            #expect(migrated.stdout.contains("Nothing to do"), "\(migrated)")
            #expect(migrated.stderr.contains("guest v0 has VF 0000:05:10.0 for this run only"), "\(migrated)")
            let bound = try rig.vfpool("bind", "v0")
            #expect(bound.stderr.contains("no interface in its document, only for this run"), "\(bound)")
            #expect(bound.stderr.contains("`vfpool bind v0 --add --mac 52:54:00:"), "\(bound)")
            #expect(try rig.virsh("destroy", "v0").status == 0)
            #expect(try rig.vfpool("status").stderr.contains("reserved for guest v0, which does not hold it any more"))
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.reserved("vfpool-enp5s0f1") == ["0000:05:10.2"])
            let added = try rig.virsh(
                "attach-interface", "v1", "network", "vfpool-enp5s0f1", "--mac", OnRig.mac(7), "--live")
            #expect(added.status == 0, "\(added)")
            #expect(try rig.vfpool("reconcile").stdout.contains("Nothing to do"))
            #expect(try rig.problems() == [])
        }
    }

    @Test func `a guest with a whole PF and a VF of another keeps the PF's place, and doctor says what becomes of it`()
        throws
    {
        func device(_ slot: String, _ function: Int, _ place: String) -> String {
            """
            <hostdev mode='subsystem' type='pci' managed='yes'><driver name='vfio'/><source>
            <address domain='0x0001' bus='0x0d' slot='\(slot)' function='0x\(function)'/></source>
            <address type='pci' domain='0x0000' bus='0x00' slot='0x05' \(place)/></hostdev>
            """
        }
        let mlx5 = { (function: Int) in
            RigHardware {
                $0 = .mlx5
                ($0.domain, $0.function, $0.offset) = ("0001", function, 8)
            }
        }
        try Rig.with(
            .pf("enP1p13s0f0", vfs: 0, total: 8, bus: "0d", driver: "mlx5_core", hardware: mlx5(0)),
            .pf("enP1p13s0f1", vfs: 2, total: 8, bus: "0d", driver: "mlx5_core", hardware: mlx5(1)),
            Field.guest(
                "kim",
                device("0x00", 0, "function='0x0' multifunction='on'") + device("0x01", 1, "function='0x1'"))
        ) { rig throws in
            #expect(try rig.vfpool("create", "enP1p13s0f1", "-q").status == 0)
            #expect(try rig.reserved("vfpool-enP1p13s0f1") == ["0001:0d:01.1"])
            let moved = try rig.vfpool("migrate", "kim", "--mac", "kim:0001:0d:01.1=\(OnRig.mac(13))")
            #expect(moved.status == 0, "\(moved)")
            let document = try rig.document(guest: "kim")
            #expect(document.contains("slot='0x05' function='0x0' multifunction='on'/>"), "\(document)")
            #expect(document.contains("<address domain='0x0001' bus='0x0d' slot='0x00' function='0x0'/>"))
            #expect(try rig.state().guest("kim")?.config.map(\.network) == ["vfpool-enP1p13s0f1", nil])
            let doctor = try rig.vfpool("doctor").lines("pf-pinned")
            #expect(doctor.first?.hasPrefix("FAIL") == true && doctor.first?.contains("enP1p13s0f0") == true)
        }
    }

    /// Metadata of others, ROM files, aliases, decimal addresses, drivers of old: it all stays where it can.
    static let manifold = Field.guest(
        "Windows 11 &amp; co",
        """
        <hostdev mode='subsystem' type='pci' managed='yes'><driver name='vfio'/>
        <source><address domain='0x0000' bus='0x03' slot='0x10' function='0x0'/></source>
        <rom bar='on' file='/opt/share/ipxe/808610ed.rom'/><boot order='1'/><alias name='ua-wan'/></hostdev>
        <hostdev mode='subsystem' type='pci' managed='no'>
        <source><address domain='0' bus='3' slot='16' function='2'/></source><rom bar='off'/></hostdev>
        <hostdev mode='subsystem' type='pci' managed='yes'>
        <source><address domain='0x0000' bus='0x03' slot='0x10' function='0x4'/></source><acpi index='7'/></hostdev>
        <interface type='hostdev' managed='yes'><mac address='52:54:00:AA:BB:CC'/><driver name='kvm'/>
        <source><address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x6'/></source>
        <vlan><tag id='190'/></vlan><model type='virtio'/></interface>
        <interface type='hostdev'><mac address='52:54:00:AA:BB:CD'/>
        <source><address type='pci' domain='0' bus='3' slot='17' function='0'/></source>
        <virtualport type='802.1Qbh'><parameters profileid='finance'/></virtualport></interface>
        """,
        beside: """
            <metadata>
              <vmtemplate xmlns="unraid" name="Windows 11" icon="windows11.png" os="windows11"/>
              <cockpit_machines:data xmlns:cockpit_machines="https://github.com/cockpit-project/cockpit/tree/main/pkg/machines">
                <cockpit_machines:has_install_phase>false</cockpit_machines:has_install_phase></cockpit_machines:data>
            </metadata>
            """)

    private func metadata(_ document: String) -> Substring? {
        document.split(separator: "<metadata>").dropFirst().first?.split(separator: "</metadata>").first
    }

    @Test func `a guest of many shapes goes to the pool, starts, and comes back byte for byte`() throws {
        let macs = Dictionary(uniqueKeysWithValues: (0...4).map { ($0, OnRig.mac(10 + $0)) })
        try Rig.with(.pf("eth3", vfs: 8, adminMACs: macs), Self.manifold) { rig throws in
            let name = "Windows 11 & co"
            let before = try rig.document(guest: name)
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let moved = try rig.vfpool("migrate", name)
            #expect(moved.status == 0, "\(moved)")
            #expect(
                moved.stderr.contains(
                    "interface 0 of guest \(name) loses what a VF can't provide: model virtio, driver kvm"))
            let after = try rig.document(guest: name)
            #expect(metadata(after) != nil && metadata(after) == metadata(before))
            for kept in [
                "<boot order='1'/>", "<alias name='ua-wan'/>", "<rom bar='on' file='/opt/share/ipxe/808610ed.rom'/>",
                "<rom bar='off'/>", "<acpi index='7'/>", "<tag id='190'/>", "profileid='finance'",
            ] { #expect(after.contains(kept), "\(kept)") }
            #expect(try rig.state().guest(name)?.config.allSatisfy { $0.network == "vfpool-eth3" } == true)
            #expect(try rig.run("virsh", "-q", "define", "--validate", "/dev/stdin", input: after).status == 0)
            #expect(try rig.vfpool("undo", "--yes").status == 0)
            #expect(try rig.document(guest: name) == before)
        }
    }

    @Test func `guests that share a VF, and clones, are left out of a sweep and told of`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4, adminMACs: [1: OnRig.mac(11)]),
            .guest("linux", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .guest("windows", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .guest("tmpl", .hostdev("eth3", 1)), .guest("clone", .hostdev("eth3", 1)),
            .guest("bonded", .pinned("eth3", 2, mac: OnRig.mac(12)), .pinned("eth3", 3, mac: OnRig.mac(12)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let status = try rig.vfpool("status")
            #expect(status.stderr.contains("is claimed by guest linux and guest windows"), "\(status)")
            let sweep = try rig.vfpool("migrate", "--all", "--dry-run", "--verbose")
            #expect(sweep.stdout == "No guest to migrate: 5 guests left out\n", "\(sweep)")
            for guest in ["linux", "windows", "tmpl", "clone", "bonded"] {
                #expect(sweep.stderr.contains("guest \(guest) is left out [duplicate-mac]"), "\(sweep)")
            }
            let named = try rig.vfpool("bind", "linux", "windows")
            #expect(named.status == 0, "\(named)")
            #expect(
                named.stderr.split(separator: "\n").filter { $0.contains("disturb each other") }.count == 1, "\(named)")
            let doctor = try rig.vfpool("doctor").lines("duplicate-mac")
            #expect(doctor.count == 2 && doctor.allSatisfy { $0.hasPrefix("WARN") }, "\(doctor)")
            #expect(try rig.virsh("start", "linux").status == 0)
            #expect(try rig.vfpool("unbind", "windows").status == 1, "its VF is the other's now")
        }
    }

    @Test func `guests of other architectures keep what is theirs`() throws {
        for (name, mac, kept) in Self.architectures {
            let folder = try TemporaryFolder()
            try Data(Self.otherHost.utf8).write(to: URL(filePath: folder.path + "/host.xml"))
            let environment = [
                "PATH": "/usr/bin:/bin", "HOME": folder.path, "VFPOOL_STATE_DIR": folder.path + "/state",
            ]
            let uri = "test://\(folder.path)/host.xml"
            let bound = try RunningCommand(
                [Rig.vfpool, "-c", uri, "bind", name, "--pool", "pool", "--interface", "0", "--print-xml"],
                environment: environment
            ).wait()
            #expect(bound.status == 0 && bound.stdout.contains(kept) && bound.stdout.contains(mac), "\(bound)")
            #expect(bound.stdout.contains("<source network=\"pool\"/>"))
            try Data(bound.stdout.utf8).write(to: URL(filePath: folder.path + "/new.xml"))
            let valid = try RunningCommand(
                ["/usr/bin/virsh", "-q", "-c", uri, "define", "--validate", folder.path + "/new.xml"],
                environment: environment
            ).wait()
            #expect(valid.status == 0, "\(name): \(valid)")
        }
    }

    private static let architectures = [
        ("s390", OnRig.mac(1), "<zpci uid=\"0x0001\" fid=\"0x00000000\"/>"),
        (
            "pseries", OnRig.mac(2),
            "<address type=\"pci\" domain=\"0x0000\" bus=\"0x01\" slot=\"0x01\" function=\"0x0\"/>"
        ),
        ("arm", OnRig.mac(3), "<acpi index=\"3\"/>"),
    ]

    private static func other(
        _ name: String, _ uuid: String, _ arch: String, _ machine: String, _ devices: String
    ) -> String {
        """
        <domain type='test'><name>\(name)</name><uuid>\(uuid)</uuid><memory unit='MiB'>512</memory><vcpu>1</vcpu>
        <os><type arch='\(arch)' machine='\(machine)'>hvm</type></os><devices>\(devices)</devices></domain>
        """
    }

    /// libvirt's test driver knows these machines, though no QEMU here runs them.
    private static let otherHost =
        "<node>"
        + other(
            "s390", "11111111-1111-4111-8111-111111111111", "s390x", "s390-ccw-virtio",
            """
            <interface type='hostdev' managed='yes'><mac address='\(OnRig.mac(1))'/>
            <source><address type='pci' domain='0x0100' bus='0x00' slot='0x00' function='0x0'/></source>
            <address type='pci' domain='0x0001' bus='0x00' slot='0x00' function='0x0'>
            <zpci uid='0x0001' fid='0x00000000'/></address></interface>
            """)
        + other(
            "pseries", "22222222-1111-4111-8111-111111111111", "ppc64le", "pseries",
            """
            <controller type='pci' index='1' model='pci-root'><model name='spapr-pci-host-bridge'/>
            <target index='1'/></controller>
            <interface type='hostdev' managed='yes'><mac address='\(OnRig.mac(2))'/>
            <source><address type='pci' domain='0x0033' bus='0x01' slot='0x00' function='0x2'/></source>
            <address type='pci' domain='0x0000' bus='0x01' slot='0x01' function='0x0'/></interface>
            """)
        + other(
            "arm", "33333333-1111-4111-8111-111111111111", "aarch64", "virt",
            """
            <interface type='hostdev' managed='yes'><mac address='\(OnRig.mac(3))'/>
            <source><address type='pci' domain='0x0002' bus='0x02' slot='0x00' function='0x1'/></source>
            <acpi index='3'/><address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></interface>
            """)
            + """
            <network><name>pool</name><forward mode='hostdev' managed='yes'><pf dev='eth3'/></forward></network></node>
            """
}
