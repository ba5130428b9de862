import SRIOV
import TestSupport
import Testing
import Text

@Suite struct FunctionTests {
    @Test func readsAPortAndItsFunctions() throws {
        var pf = PretendPF("eth3", vfs: 4, possible: 63)
        pf.node = 1
        let host = try PretendSys([pf])
        let pfs = try host.sysfs.physicalFunctions()
        #expect(pfs.count == 1)
        let found = try #require(pfs.first)
        #expect(found.netdev == "eth3")
        #expect(found.otherNetdevs.isEmpty)
        #expect(found.address.description == "0000:03:00.0")
        #expect(found.mac?.description == "a0:36:9f:03:00:00")
        #expect(found.permanentMAC == found.mac)
        #expect(found.driver == "ixgbe")
        #expect(found.enabledVFs == 4)
        #expect(found.possibleVFs == 63)
        #expect(found.isUp == true)
        #expect(found.hasCarrier == true)
        #expect(found.numaNode == 1)
        #expect(found.iommuGroup == 100)
        let addresses = ["0000:03:10.0", "0000:03:10.2", "0000:03:10.4", "0000:03:10.6"].compactMap { PCIAddress($0) }
        #expect(
            found.functions
                == addresses.enumerated().map { index, address in
                    VirtualFunction(
                        index: index, address: address, driver: "vfio-pci", numaNode: 1, iommuGroup: 101 + index,
                        groupMembers: 1)
                })
    }

    @Test func ordersFunctionsByIndexAndPFsByAddress() throws {
        let host = try PretendSys([PretendPF("eth9", bus: 9, vfs: 0), PretendPF("eth3", bus: 3, vfs: 12)])
        let pfs = try host.sysfs.physicalFunctions()
        #expect(pfs.map(\.netdev) == ["eth3", "eth9"])
        #expect(pfs.first?.functions.map(\.index) == Array(0..<12))
        #expect(pfs.last?.functions == [])
    }

    @Test func readsDomainsOfMoreThanFourDigits() throws {
        var pf = PretendPF("eth3", vfs: 1)
        pf.domain = 0x10000
        let host = try PretendSys([pf])
        #expect(try host.sysfs.physicalFunctions().first?.functions.first?.address.description == "10000:03:10.0")
        #expect(try host.sysfs.physicalFunction("10000:03:00.0").netdev == "eth3")
    }

    @Test func leavesOutWhatIsNoPF() throws {
        let host = try PretendSys([PretendPF("eth0", bus: 1, possible: nil, functions: [])])
        try host.addPCI("devices/pci0000:00/0000:00:1f.0", "0000:00:1f.0", deviceClass: "0x0b4000")
        try host.write("16", "devices/pci0000:00/0000:00:1f.0/sriov_totalvfs")
        #expect(try host.sysfs.physicalFunctions().isEmpty)
        #expect(try Sysfs(root: host.folder + "/nothing", readsNetlink: false).physicalFunctions().isEmpty)
    }

    @Test func knowsAPortThatIsDownOrWithoutANetdev() throws {
        var down = PretendPF("eth3", bus: 3, vfs: 1)
        down.up = false
        let host = try PretendSys([down, PretendPF(nil, bus: 4, vfs: 1)])
        let pfs = try host.sysfs.physicalFunctions()
        #expect(pfs.map(\.isUp) == [false, nil])
        #expect(pfs.map(\.hasCarrier) == [nil, nil])
        #expect(pfs.map(\.netdev) == ["eth3", nil])
        #expect(pfs.last?.functions.count == 1)
    }

    @Test func tellsPermanentFromPresentMAC() throws {
        var bonded = PretendPF("eth3", vfs: 0)
        bonded.attributes = ["addr_assign_type": "3"]
        var zero = PretendPF("eth4", bus: 4, vfs: 0)
        zero.mac = "00:00:00:00:00:00"
        let host = try PretendSys([bonded, zero])
        let pfs = try host.sysfs.physicalFunctions()
        #expect(pfs.first?.mac?.description == "a0:36:9f:03:00:00")
        #expect(pfs.map(\.permanentMAC) == [nil, nil])
        host.remove("class/net/eth3/addr_assign_type")
        #expect(try host.sysfs.physicalFunctions().first?.permanentMAC?.description == "a0:36:9f:03:00:00")
    }

    @Test func namesBothPFsOfAConnectX3() throws {
        var pf = PretendPF("ens2d1", vfs: 2)
        pf.attributes = ["dev_port": "1"]
        let host = try PretendSys([pf])
        try host.addNetdev("ens2", mac: "a0:36:9f:03:00:01", on: "devices/pci0000:00/0000:00:01.0/0000:03:00.0")
        let found = try #require(host.sysfs.physicalFunctions().first)
        #expect(found.netdev == "ens2")
        #expect(found.otherNetdevs == ["ens2d1"])
        #expect(found.mac?.description == "a0:36:9f:03:00:01")
        #expect(try host.sysfs.physicalFunction("ens2d1") == found)
        #expect(try host.sysfs.physicalFunction("a0:36:9f:03:00:00") == found)
        #expect(try host.sysfs.physicalFunction("a0:36:9f:03:00:01") == found)
    }

    /// By its netdev; without one, by the PCI class.
    @Test func tellsInfiniBandFromEthernet() throws {
        var pf = PretendPF("ib0", vfs: 1)
        pf.attributes = ["type": "32"]
        let host = try PretendSys([pf, PretendPF(nil, bus: 4, vfs: 1), PretendPF("eth5", bus: 5, vfs: 1)])
        #expect(try host.sysfs.physicalFunctions().map(\.isInfiniBand) == [true, false, false])
        try host.write("0x020700", "bus/pci/devices/0000:04:00.0/class")
        // A card that can be both says so by its netdev alone.
        try host.write("0x020700", "bus/pci/devices/0000:05:00.0/class")
        #expect(try host.sysfs.physicalFunctions().map(\.isInfiniBand) == [true, true, false])
    }

    @Test func takesNoRepresentorForThePF() throws {
        var pf = PretendPF("eth3", vfs: 2)
        pf.attributes = ["phys_port_name": "p0"]
        let host = try PretendSys([pf])
        for index in 0..<2 {
            try host.addNetdev(
                "eth3_\(index)", mac: "02:00:00:00:00:0\(index)", on: "devices/pci0000:00/0000:00:01.0/0000:03:00.0",
                attributes: ["phys_port_name": "pf0vf\(index)"])
        }
        let found = try #require(host.sysfs.physicalFunctions().first)
        #expect(found.netdev == "eth3")
        #expect(found.otherNetdevs.isEmpty)
        #expect(found.isSwitchdev == true)
        #expect(throws: SRIOVError(.isRepresentor(pf: "eth3"), subject: "eth3_1")) {
            try host.sysfs.physicalFunction("eth3_1")
        }
        #expect(try PretendSys([PretendPF("eth3", vfs: 2)]).sysfs.physicalFunctions().first?.isSwitchdev == nil)
    }

    @Test func countsTheDevicesOfAGroupWithoutBridges() throws {
        let host = try PretendSys([PretendPF("eth3", functions: [.inGroup(7), .inGroup(7), .inGroup(8), .init()])])
        for group in 7...8 {
            let bridge = "0000:00:1\(group).0"
            try host.addPCI("devices/pci0000:00/" + bridge, bridge, group: group, deviceClass: "0x060400")
        }
        let functions = try #require(host.sysfs.physicalFunctions().first?.functions)
        #expect(functions.map(\.iommuGroup) == [7, 7, 8, 104])
        #expect(functions.map(\.groupMembers) == [2, 2, 1, 1])
    }

    @Test func sharesWhatItLearntOfAGroupBetweenItsFunctionsOnly() throws {
        let host = try PretendSys([
            PretendPF("eth3", bus: 3, functions: [.inGroup(7), .init()]),
            PretendPF("eth4", bus: 4, functions: [.inGroup(7)]),
        ])
        #expect(try host.sysfs.physicalFunctions().map { $0.functions.map(\.groupMembers) } == [[2, 1], [2]])
    }

    @Test func saysNothingOfGroupsWithoutAnIOMMU() throws {
        var pf = PretendPF("eth3", vfs: 1)
        pf.hasIOMMU = false
        let host = try PretendSys([pf])
        let found = try #require(host.sysfs.physicalFunctions().first)
        #expect(found.iommuGroup == nil)
        #expect(found.functions.first?.iommuGroup == nil)
        #expect(found.functions.first?.groupMembers == nil)
        #expect(found.functions.first?.numaNode == nil)
        #expect(host.sysfs.iommuEnabled() == false)
    }

    @Test func takesTheMACSetThroughThePFBeforeThatOfTheNetdev() throws {
        let host = MACAddress("02:00:00:00:00:01")
        let set = MACAddress("52:54:00:00:00:01")
        let zero = MACAddress("00:00:00:00:00:00")
        var function = VirtualFunction(index: 0, address: try #require(PCIAddress("03:10.0")), netdevMAC: host)
        #expect(function.actualMAC == host)
        function.settings = VFSettings(mac: zero)
        #expect(function.actualMAC == host)
        function.settings = VFSettings(mac: set)
        #expect(function.actualMAC == set)
    }
}

@Suite struct HostTests {
    @Test func knowsWhetherThereIsAnIOMMU() throws {
        let host = try PretendSys([PretendPF("eth3", vfs: 1)])
        #expect(host.sysfs.iommuEnabled() == true)
        host.remove("kernel/iommu_groups")
        #expect(host.sysfs.iommuEnabled() == nil)
        try host.write("vfio-noiommu", "kernel/iommu_groups/0/name")
        #expect(host.sysfs.iommuEnabled() == false)
    }

    @Test func knowsWhetherVFIOCanBeHad() throws {
        #expect(try PretendSys([PretendPF("eth3", vfs: 1)]).sysfs.vfioAvailable() == true)
        let host = try PretendSys([PretendPF("eth3", vfs: 0)])
        #expect(host.sysfs.vfioAvailable() == nil)
        try host.addModules(
            "kernel/drivers/net/ixgbe.ko:\nkernel/drivers/vfio/pci/mlx5/mlx5-vfio-pci.ko: a/vfio-pci.ko\n")
        #expect(host.sysfs.vfioAvailable() == false)
        // What libvirt is told by name, however the file of its module spells it.
        for name in ["mlx5-vfio-pci", "mlx5_vfio_pci", "ixgbe"] { #expect(host.sysfs.hasDriver(name) == true) }
        for name in ["mlx5", "ixgbe.ko", "kernel", "", "..", "../module"] {
            #expect(host.sysfs.hasDriver(name) == false)
        }
        try host.addModules("kernel/drivers/net/ixgbe.ko:\nkernel/drivers/vfio/pci/vfio-pci.ko.xz: a.ko\n")
        #expect(host.sysfs.vfioAvailable() == true)
    }
}
