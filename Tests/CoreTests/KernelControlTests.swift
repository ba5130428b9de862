import Applying
import Glibc
import SRIOV
import TestSupport
import Testing
import Text

@testable import Model

/// The real writer, on a made-up tree.
@Suite struct KernelControlTests {
    @Test func readsAndWrites() throws {
        let system = try PretendSys([PretendPort("eth3", functions: [.onHost("eth3v0", uppers: [("bridge", "br0")])])])
        let kernel = KernelControl(system.sysfs, root: system.root)
        let port = try #require(PCIAddress("0000:03:00.0"))
        #expect(try kernel.value(.count, of: port) == 1 && kernel.value(.hostDrivers, of: port) == 1)
        try kernel.set(.count, of: port, to: 16)
        #expect(try kernel.value(.count, of: port) == 16)
        try kernel.set(.count, of: port, to: 4)
        #expect(try kernel.value(.count, of: port) == 4, "nothing of the longer number is left")
        #expect(try kernel.functions(of: port).map(\.description) == ["0000:03:10.0"])
        #expect(try kernel.users(of: port) == ["VF 0 (bridge br0)"])
        #expect(try kernel.isSettled(port))
    }

    @Test func aDriverThatIsNotDoneIsWaitedFor() throws {
        let system = try PretendSys([PretendPort("eth3", functions: [.inContainer])])
        let port = try #require(PCIAddress("0000:03:00.0"))
        #expect(try !KernelControl(system.sysfs, root: system.root).isSettled(port))
    }

    @Test func whatIsNotThereIsSaid() throws {
        let system = try PretendSys([PretendPort("eth3", vfs: 1)])
        let kernel = KernelControl(system.sysfs, root: system.root)
        let none = try #require(PCIAddress("0000:09:00.0"))
        #expect(try kernel.value(.count, of: none) == nil)
        let error = #expect(throws: HostError.self) { try kernel.set(.count, of: none, to: 1) }
        #expect(error?.number == ENOENT)
        system.remove("devices/pci0000:00/0000:00:01.0/0000:03:00.0/sriov_drivers_autoprobe")
        let port = try #require(PCIAddress("0000:03:00.0"))
        #expect(try kernel.value(.hostDrivers, of: port) == nil)
        let elsewhere = #expect(throws: HostError.self) { try NoControl().set(.count, of: port, to: 1) }
        #expect(elsewhere?.number == ENOTSUP)
    }
}
