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
        let system = try PretendSys([PretendPF("eth3", functions: [.onHost("eth3v0", uppers: [("bridge", "br0")])])])
        let kernel = KernelControl(system.sysfs, root: system.root)
        let pf = try #require(PCIAddress("0000:03:00.0"))
        #expect(try kernel.value(.count, of: pf) == 1 && kernel.value(.hostDrivers, of: pf) == 1)
        try kernel.set(.count, of: pf, to: 16)
        #expect(try kernel.value(.count, of: pf) == 16)
        try kernel.set(.count, of: pf, to: 4)
        #expect(try kernel.value(.count, of: pf) == 4, "nothing of the longer number is left")
        #expect(try kernel.functions(of: pf).map(\.description) == ["0000:03:10.0"])
        #expect(try kernel.users(of: pf) == ["VF 0 (bridge br0)"])
        #expect(try kernel.isSettled(pf))
    }

    @Test func aDriverThatIsNotDoneIsWaitedFor() throws {
        let system = try PretendSys([PretendPF("eth3", functions: [.inContainer])])
        let pf = try #require(PCIAddress("0000:03:00.0"))
        #expect(try !KernelControl(system.sysfs, root: system.root).isSettled(pf))
    }

    @Test func whatIsNotThereIsSaid() throws {
        let system = try PretendSys([PretendPF("eth3", vfs: 1)])
        let kernel = KernelControl(system.sysfs, root: system.root)
        let none = try #require(PCIAddress("0000:09:00.0"))
        #expect(try kernel.value(.count, of: none) == nil)
        let error = #expect(throws: HostError.self) { try kernel.set(.count, of: none, to: 1) }
        #expect(error?.number == ENOENT)
        system.remove("devices/pci0000:00/0000:00:01.0/0000:03:00.0/sriov_drivers_autoprobe")
        let pf = try #require(PCIAddress("0000:03:00.0"))
        #expect(try kernel.value(.hostDrivers, of: pf) == nil)
        let elsewhere = #expect(throws: HostError.self) { try NoControl().set(.count, of: pf, to: 1) }
        #expect(elsewhere?.number == ENOTSUP)
    }
}
