import TestSupport
import Testing
import Text

/// What a bug report of a real libvirtd tells, and what it does not.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct BugReportOnRigTests {
    private static let guest = """
        <domain type='qemu'><name>acme-db</name><title>Acme's books</title><description>of alice@acme.example</description>\
        <metadata><a:owner xmlns:a='urn:acme'>alice</a:owner></metadata><memory unit='MiB'>16</memory><vcpu>1</vcpu>\
        <os><type arch='x86_64' machine='q35'>hvm</type></os><devices><emulator>/usr/bin/qemu-system-x86_64</emulator>\
        <controller type='usb' model='none'/><memballoon model='none'/>\
        <graphics type='vnc' port='5999' listen='10.9.8.7' passwd='hunter2'/>\
        <interface type='hostdev' managed='yes'><mac address='52:54:00:aa:bb:cc'/><source><address type='pci' domain='0x0000' \
        bus='0x03' slot='0x10' function='0x4'/></source></interface></devices></domain>
        """

    /// Every file's text, and those of one name.
    private func unpacked(_ rig: Rig, _ path: String, _ pattern: String = "*") throws -> String {
        let result = try rig.run("tar", "xzOf", path, "--wildcards", pattern)
        #expect(result.status == 0, "\(result)")
        return result.stdout
    }

    @Test func `nothing in it tells of anybody, and what is one stays one`() throws {
        try Rig.with(OnRig.usual() + [.guest(xml: Self.guest)]) { rig throws in
            _ = try rig.run("mkdir", "-m", "777", "/var/report")
            #expect(
                try rig.vfpool("create", "eth3", "--name", "acme-pool", "--portgroup", "acme-gold:vlan=5").status == 0)
            let sudo = ["SUDO_USER": "alice"]
            #expect(
                try rig.vfpool("bind", "acme-db", "--interface", "52:54:00:aa:bb:cc", environment: sudo).status == 0)
            #expect(try rig.vfpool("bind", "vm3", environment: sudo).status == 0)
            #expect(try rig.virsh("start", "vm3").status == 0)
            let done = try rig.vfpool("bugreport", "-y", "-o", "/var/report/fault.tgz", environment: sudo)
            #expect(done.status == 0, "\(done)")
            let all = try unpacked(rig, "/var/report/fault.tgz")
            var told = ["acme", "Acme", "alice", "hunter2", "10.9.8.7", "vm1", "vm2", "vm3", "52:54:00", "a0:36:9f"]
            told += try ["vm1", "vm2", "vm3", "acme-db"].map { try rig.virsh("domuuid", $0).stdout.trimmed.description }
            told.append(try rig.virsh("net-uuid", "acme-pool").stdout.trimmed.description)
            told.append(try rig.run("hostname").stdout.trimmed.description)
            for text in told { #expect(!all.contains(bytes: text) && !text.isEmpty, "\(text) in \(all)") }
            // vm3's MAC, in the status, in both its documents, and in the PF's VF table.
            let live = try unpacked(rig, "/var/report/fault.tgz", "*/guest-4.live.xml")
            let mac = try #require(live.firstMatch(of: /mac address="(02:00:00:[0-9a-f:]+)"/)).output.1
            #expect(try unpacked(rig, "/var/report/fault.tgz", "*/guest-4.inactive.xml").contains(bytes: mac))
            let status = try unpacked(rig, "/var/report/fault.tgz", "*/status.txt")
            #expect(status.contains(bytes: "guest-4  0/hostdev0  \(mac)  \(mac)"), "\(status)")
            // The other guest's, in its document and in the command.
            let own = try #require(
                try unpacked(rig, "/var/report/fault.tgz", "*/guest-1.inactive.xml").firstMatch(
                    of: /mac address="(02:00:00:[0-9a-f:]+)"/)
            ).output.1
            #expect(try unpacked(rig, "/var/report/fault.tgz", "*/log.json").contains(bytes: own))
            #expect(
                try unpacked(rig, "/var/report/fault.tgz", "*/log.txt").contains(
                    bytes: "user-1  done    vfpool bind guest-1 --interface \(own)\n"))
            // Nothing was changed, and nothing is left beside it.
            #expect(try rig.sh("ls /var/report/fault*").stdout == "/var/report/fault.tgz\n")
        }
    }

    /// They have a guest's name in letters that a file name may have, and of a long one the beginning.
    @Test(arguments: ["acme <ops> 52:54:00:aa:bb:0d", "qx", String(repeating: "acme", count: 25)])
    func `names of the journal's files`(name: String) throws {
        let xml = Self.guest.replacing("acme-db", with: name.replacing("<", with: "&lt;").replacing(">", with: "&gt;"))
        try Rig.with(OnRig.usual() + [.guest(xml: xml)]) { rig throws in
            _ = try rig.run("mkdir", "-m", "777", "/var/report")
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", name, "--interface", "52:54:00:aa:bb:cc").status == 0)
            #expect(try rig.vfpool("bugreport", "-y", "-o", "/var/report/fault.tgz").status == 0)
            let log = try unpacked(rig, "/var/report/fault.tgz", "*/log.json")
            let files = log.matches(of: /"[0-9]+-guest-(.*)\.(before|stored)\.xml"/).map { String($0.output.1) }
            #expect(files.count == 2 && files.allSatisfy { $0 == "guest-1" }, "\(log)")
        }
    }

    /// The host and user of a change that was made over ssh, and the netdev of somebody's on a VF.
    @Test func `what stands beside it`() throws {
        try Rig.with(OnRig.usual(vfs: 8)) { rig throws in
            _ = try rig.run("mkdir", "-m", "777", "/var/report")
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let uri = "qemu+ssh://alice@kvm9.acme.example/system?keyfile=/home/bob/key"
            _ = try rig.sh("sed -i 's,qemu:///system,\(uri),' /var/lib/vfpool/changes/*/change.json")
            #expect(try rig.sh("ip link add link eth3v5 name acmetap type macvtap").status == 0)
            #expect(try rig.vfpool("status").stdout.contains(bytes: "acmetap"))
            #expect(try rig.vfpool("bugreport", "-y", "-o", "/var/report/fault.tgz").status == 0)
            let all = try unpacked(rig, "/var/report/fault.tgz")
            for text in ["acme", "alice", "kvm9", "bob"] { #expect(!all.contains(bytes: text), "\(text) in \(all)") }
        }
    }

    @Test func `libvirt's daemon is dead`() throws {
        try Rig.with(OnRig.usual(vfs: 4)) { rig throws in
            _ = try rig.run("mkdir", "-m", "777", "/var/report")
            #expect(try rig.vfpool("create", "eth3").status == 0)
            try rig.daemon(.stop)
            let done = try rig.vfpool("bugreport", "-y", "-o", "/var/report/fault.tgz")
            #expect(done.status == 0 && done.stderr.contains("warning: not in it: all that libvirt tells"), "\(done)")
            let all = try unpacked(rig, "/var/report/fault.tgz")
            #expect(all.contains(bytes: "0000:03:00.0  eth3") && all.contains(bytes: "vfpool create eth3"), "\(all)")
            #expect(all.contains(bytes: "\nMissing: all that libvirt tells"), "\(all)")
        }
    }

    @Test func `it needs no root`() throws {
        try Rig.with(OnRig.usual(vfs: 4)) { rig throws in
            _ = try rig.run("mkdir", "-m", "777", "/var/report")
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let done = try rig.run(
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "-i", "HOME=/nonexistent",
                Rig.vfpool,
                "bugreport", "-y", "-o", "/var/report/fault.tgz", "-c", "qemu:///system")
            #expect(
                done.status == 0 && done.stderr.contains("not in it: the journal of root: not run as root"), "\(done)")
            #expect(try rig.sh("stat -c '%a %u' /var/report/fault.tgz").stdout == "600 65534\n")
        }
    }
}
