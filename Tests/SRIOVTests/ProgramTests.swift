import SRIOV
import TestSupport
import Testing
import Text

@Suite struct ProgramTests {
    private let uuid = "c7a5fdbd-cdaf-9455-926a-d65c16db1809"

    private func host() throws -> PretendSys {
        var byDevice = PretendFunction()
        byDevice.vfioDevice = "vfio3"
        let host = try PretendSys([
            PretendPF("eth3", functions: [.init(), .init(), .inGroup(7), .inGroup(7), byDevice])
        ])
        try host.addProcess(
            41, name: "qemu-system-x86",
            arguments: ["/usr/bin/qemu-system-x86_64", "-name", "guest=vm1,debug-threads=on", "-uuid", uuid],
            open: ["/dev/null", "/dev/vfio/vfio", "/dev/vfio/101", "/dev/vfio/101", "socket:[17]"])
        try host.addProcess(1042, name: "dpdk-testpmd", open: ["/dev/vfio/7 (deleted)", "/dev/vfio/devices/vfio3"])
        try host.addProcess(7, name: "bash", open: ["/dev/pts/0", "/dev/vfio"])
        return host
    }

    @Test func findsWhoHasVFIODevicesOpen() throws {
        let qemu = VFIOHolder(pid: 41, name: "qemu-system-x86", guestUUID: uuid, guestName: "vm1")
        let dpdk = VFIOHolder(pid: 1042, name: "dpdk-testpmd")
        #expect(
            try host().sysfs.vfioHolders().holders
                == [.group(101): [qemu], .group(7): [dpdk], .device("vfio3"): [dpdk]])
    }

    @Test func notesThemAtTheFunctionsOnRequest() throws {
        let host = try host()
        let quiet = try #require(host.sysfs.physicalFunctions().first)
        #expect(quiet.functions.allSatisfy { $0.hostUses.isEmpty && $0.holders.isEmpty })
        let pf = try #require(host.sysfs.physicalFunctions(includingPrograms: true).first)
        let qemu = HostUse.program(pid: 41, name: "qemu-system-x86")
        let dpdk = HostUse.program(pid: 1042, name: "dpdk-testpmd")
        #expect(pf.functions.map(\.hostUses) == [[qemu], [], [dpdk], [dpdk], [dpdk]])
        #expect(pf.functions.first?.holders.map(\.guestUUID) == [uuid])
        #expect(try host.sysfs.physicalFunction("eth3", includingPrograms: true) == pf)
    }

    @Test func readsNoProcessWhenNoFunctionIsBoundToVFIO() throws {
        let host = try PretendSys([PretendPF("eth3", functions: [.onHost("eth3v0")])])
        try host.addProcess(41, name: "qemu", open: ["/dev/vfio/101"])
        #expect(try host.sysfs.physicalFunctions(includingPrograms: true).first?.functions.first?.hostUses == [])
    }

    @Test func readsGuestNamesWithCommas() throws {
        let host = try PretendSys()
        for (pid, name) in [
            (1, "guest=a,,b,debug-threads=on"), (2, "plain"), (3, "guest=c"), (6, "guest=d,\u{301},x,,y"),
        ] as [(Int32, String)] {
            try host.addProcess(pid, name: "q", arguments: ["q", "-name", name], open: ["/dev/vfio/noiommu-5"])
        }
        try host.addProcess(4, name: "q", arguments: ["q", "-uuid"], open: ["/dev/vfio/5"])
        let found = try host.sysfs.vfioHolders().holders
        #expect(found[.group(5)]?.map(\.guestName) == ["a,b", nil, "c", nil, "d"])
        #expect(found[.group(5)]?.map(\.guestUUID) == [nil, nil, nil, nil, nil])
    }
}
