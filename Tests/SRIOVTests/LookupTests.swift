import Glibc
import SRIOV
import TestSupport
import Testing
import Text

@Suite struct LookupTests {
    private func host() throws -> PretendSys {
        let host = try PretendSys([
            PretendPF("eth3", bus: 3, functions: [.onHost("eth3v0"), .init()]),
            PretendPF("eth4", bus: 4, vfs: 1), PretendPF(nil, bus: 5, vfs: 1),
            PretendPF("eth0", bus: 1, possible: nil, functions: []),
        ])
        try host.addUpper("br0", kind: "bridge", on: "eth0")
        try host.addPCI("devices/pci0000:00/0000:00:1f.2", "0000:00:1f.2", deviceClass: "0x010601")
        try host.write("52:54:00:00:00:09", "devices/virtio0/net/eth8/address")
        try host.link("devices/virtio0/net/eth8/device", to: "devices/virtio0")
        try host.link("class/net/eth8", to: "devices/virtio0/net/eth8")
        return host
    }

    @Test(arguments: ["eth3", "0000:03:00.0", "03:00.0", "a0:36:9f:03:00:00", "A0:36:9F:03:00:00"])
    func findsAPort(name: String) throws {
        let sysfs = try host().sysfs
        #expect(try sysfs.physicalFunction(name).netdev == "eth3")
        #expect(try sysfs.physicalFunction(name) == sysfs.physicalFunctions().first)
    }

    @Test(
        arguments: [
            ("eth9", .noSuchDevice), ("", .noSuchDevice), (".", .noSuchDevice), ("..", .noSuchDevice),
            ("../../bus/pci", .noSuchDevice), ("0000:7f:00.0", .noSuchDevice), ("52:54:00:6d:90:01", .noSuchDevice),
            ("0000:00:1f.2", .notNetwork), ("eth0", .notCapable), ("0000:01:00.0", .notCapable),
            ("a0:36:9f:01:00:00", .notCapable), ("br0", .isUpper(kind: "bridge", pfs: [])), ("eth8", .notCapable),
            ("lo", .notCapable),
            ("eth3v0", .isVirtualFunction(pf: "eth3")), ("0000:03:10.2", .isVirtualFunction(pf: "eth3")),
            ("0000:05:10.0", .isVirtualFunction(pf: "0000:05:00.0")),
            ("02:09:c0:00:00:01", .isVirtualFunction(pf: "eth3")),
        ] as [(String, SRIOVError.Kind)])
    func saysWhyNot(name: String, kind: SRIOVError.Kind) throws {
        let sysfs = try host().sysfs
        #expect(throws: SRIOVError(kind, subject: name)) { try sysfs.physicalFunction(name) }
    }

    @Test func saysWhenTheKernelsFilesAreMissing() throws {
        let host = try PretendSys()
        host.remove("bus")
        #expect(throws: SRIOVError(.unreadable(HostError(host.root + "/bus/pci/devices", ENOENT)), subject: "eth3")) {
            try host.sysfs.physicalFunction("eth3")
        }
    }

    @Test func followsAnyLinkToTheDevice() throws {
        let host = try PretendSys([PretendPF("eth3", vfs: 1)])
        try host.replaceLink("class/net/eth3/device", to: "../..")
        #expect(try host.sysfs.physicalFunction("eth3").address.description == "0000:03:00.0")
    }

    @Test func findsARenamedPFByItsPermanentMAC() throws {
        let host = try PretendSys([PretendPF("enp3s0f0", vfs: 1)])
        #expect(try host.sysfs.physicalFunction("a0:36:9f:03:00:00").netdev == "enp3s0f0")
    }

    @Test func prefersThePermanentMACToOneThatABondGave() throws {
        var slave = PretendPF("eth4", bus: 4, vfs: 0)
        slave.mac = "a0:36:9f:03:00:00"
        slave.attributes = ["addr_assign_type": "3"]
        let host = try PretendSys([PretendPF("eth3", vfs: 0), slave])
        #expect(try host.sysfs.physicalFunction("a0:36:9f:03:00:00").netdev == "eth3")
    }

    @Test func listsThePFsThatShareAMAC() throws {
        var pfs = [PretendPF("eth3", vfs: 0), PretendPF("eth4", bus: 4, vfs: 0)]
        for index in pfs.indices {
            pfs[index].mac = "02:00:00:00:00:09"
            pfs[index].attributes = ["addr_assign_type": "3"]
        }
        let host = try PretendSys(pfs)
        #expect(throws: SRIOVError(.ambiguous(["eth3", "eth4"]), subject: "02:00:00:00:00:09")) {
            try host.sysfs.physicalFunction("02:00:00:00:00:09")
        }
    }
}
