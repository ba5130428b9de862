import SRIOV
import TestSupport
import Testing
import Text

@Suite struct HostUseTests {
    private func uses(_ functions: [PretendFunction]) throws -> [[HostUse]] {
        let host = try PretendSys([PretendPF("eth3", functions: functions)])
        return try #require(host.sysfs.physicalFunctions().first).functions.map(\.hostUses)
    }

    @Test func aFunctionOfVFIOOrWithAnIdleNetdevIsFree() throws {
        var unbound = PretendFunction()
        unbound.driver = nil
        #expect(try uses([.init(), .onHost("eth3v1"), .onHost("eth3v2", up: false), unbound]) == [[], [], [], []])
    }

    @Test(arguments: ["bridge", "bond", "vlan", "macvtap", "macvlan"])
    func anyNetdevOnTopIsUse(kind: String) throws {
        let found = try uses([
            .onHost("eth3v0", uppers: [(kind, "top0")]), .onHost("eth3v1", up: false, uppers: [(kind, "top1")]),
        ])
        #expect(found == [[.upper(kind: kind, name: "top0")], [.upper(kind: kind, name: "top1")]])
    }

    @Test func namesEveryUpperOnceAndUnknownKindsOther() throws {
        let found = try uses([.onHost("eth3v0", uppers: [("team", "team0"), ("bridge", "br0"), ("vlan", "eth3v0.5")])])
        #expect(
            found == [
                [
                    .upper(kind: "bridge", name: "br0"), .upper(kind: "vlan", name: "eth3v0.5"),
                    .upper(kind: "other", name: "team0"),
                ]
            ])
    }

    @Test func anEmptyFolderOfNetdevsMeansAnotherNamespace() throws {
        var passedThrough = PretendFunction.inContainer
        passedThrough.driver = "vfio-pci"
        var unbound = PretendFunction.inContainer
        unbound.driver = nil
        #expect(try uses([.inContainer, passedThrough, unbound]) == [[.otherNamespace], [], []])
    }

    @Test(arguments: ["mlx5_vfio_pci", "pci-stub", "igb_uio", "uio_pci_generic", "pciback"])
    func driversThatMakeNoNetdevHaveNoneElsewhere(driver: String) throws {
        var function = PretendFunction.inContainer
        function.driver = driver
        #expect(try uses([function]) == [[]])
    }

    @Test func readsTheNetdevAndItsMAC() throws {
        let host = try PretendSys([PretendPF("eth3", functions: [.onHost("eth3v0", mac: "02:09:c0:03:00:07")])])
        let function = try #require(host.sysfs.physicalFunctions().first?.functions.first)
        #expect(function.netdev == "eth3v0")
        #expect(function.netdevMAC?.description == "02:09:c0:03:00:07")
        #expect(function.driver == "ixgbevf")
    }
}
