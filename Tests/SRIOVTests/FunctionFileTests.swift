import SRIOV
import TestSupport
import Testing
import Text

/// What the host does with functions beside their netdevs and VFIO: RDMA, vdpa, UIO.
@Suite struct FunctionFileTests {
    /// A host of six functions on the host's driver.
    private func host() throws -> PretendSys {
        try PretendSys([PretendPF("eth3", functions: (0..<6).map { .onHost("eth3v\($0)") })])
    }

    private func address(_ host: PretendSys, _ index: Int) throws -> PCIAddress {
        try #require(host.sysfs.physicalFunctions().first).functions[index].address
    }

    private func path(_ host: PretendSys, _ index: Int) throws -> String {
        "devices/pci0000:00/0000:00:01.0/\(try address(host, index))"
    }

    private func addVerbs(_ host: PretendSys, _ index: Int, _ name: String) throws {
        let path = try path(host, index) + "/infiniband_verbs/" + name
        try host.write("mlx5_0", path + "/ibdev")
        try host.link("class/infiniband_verbs/" + name, to: path)
    }

    private func addVDPA(_ host: PretendSys, _ index: Int, _ name: String, below: String = "", _ file: String) throws {
        let path = try path(host, index) + below + "/" + name
        try host.write("1", path + "/" + file)
        try host.link("bus/vdpa/devices/" + name, to: path)
    }

    private func uses(_ host: PretendSys) throws -> [[HostUse]] {
        try #require(host.sysfs.physicalFunctions(includingPrograms: true).first).functions.map(\.hostUses)
    }

    @Test func verbsThatAreOpenAreUse() throws {
        let host = try host()
        for index in 0..<3 { try addVerbs(host, index, "uverbs\(index)") }
        let uio = try path(host, 3) + "/uio/uio0"
        try host.write("igb_uio", uio + "/name")
        try host.link("class/uio/uio0", to: uio)
        #expect(try uses(host) == Array(repeating: [], count: 6))
        try host.addProcess(7, name: "dpdk-testpmd", open: ["/dev/null", "/dev/infiniband/uverbs1", "/dev/uio0"])
        try host.addProcess(8, name: "rdma-cm", open: ["/dev/infiniband/rdma_cm", "/dev/infiniband/uverbs11"])
        let program = HostUse.program(pid: 7, name: "dpdk-testpmd")
        #expect(try uses(host) == [[], [program], [], [program], [], []])
    }

    @Test func aVDPADeviceIsUse() throws {
        let host = try host()
        try addVDPA(host, 0, "vdpa0", "vhost-vdpa-0/dev")
        try addVDPA(host, 1, "vdpa1", below: "/mlx5_core.vnet.2", "virtio5/net/eth9/address")
        try addVDPA(host, 2, "vdpa2", "vhost-vdpa-12/dev")
        try host.addProcess(
            9, name: "qemu-system-x86", arguments: ["q", "-uuid", PretendHost.uuid(1)], open: ["/dev/vhost-vdpa-12"])
        let found = try uses(host)
        #expect(found[0] == [.vdpa(VDPADevice(name: "vdpa0", file: "vhost-vdpa-0"))])
        #expect(found[1] == [.vdpa(VDPADevice(name: "vdpa1", netdev: "eth9"))])
        #expect(
            found[2] == [
                .vdpa(VDPADevice(name: "vdpa2", file: "vhost-vdpa-12")), .program(pid: 9, name: "qemu-system-x86"),
            ])
        #expect(Array(found[3...]) == [[], [], []])
    }

    @Test func devicesOfOthersAreNone() throws {
        let host = try host()
        try host.addPCI("devices/pci0000:00/0000:00:1f.0", "0000:00:1f.0")
        try host.write("x", "devices/pci0000:00/0000:00:1f.0/vdpa7/name")
        try host.link("bus/vdpa/devices/vdpa7", to: "devices/pci0000:00/0000:00:1f.0/vdpa7")
        try host.write("x", "devices/virtual/vdpa8/name")
        try host.link("bus/vdpa/devices/vdpa8", to: "devices/virtual/vdpa8")
        #expect(try uses(host) == Array(repeating: [], count: 6))
    }
}
