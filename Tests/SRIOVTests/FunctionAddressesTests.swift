import SRIOV
import TestSupport
import Testing
import Text

/// Where VFs will be, before they are there.
@Suite struct FunctionAddressesTests {
    @Test func followOffsetAndStride() throws {
        let pf = try #require(
            PretendSys([PretendPF("eth3", vfs: 0, possible: 63)]).sysfs.physicalFunctions().first)
        #expect(pf.firstOffset == 128 && pf.stride == 2 && pf.probesDrivers == true)
        #expect(pf.functionAddresses(5)?.map(\.description) == (0..<5).map { "0000:03:1\($0 / 4).\($0 % 4 * 2)" })
        #expect(pf.functionAddresses(0) == [])
    }

    /// A card may have others than it says while it has no VFs.
    @Test func followTheVFsThatAreThere() throws {
        var pf = try #require(PretendSys([PretendPF("eth3", vfs: 2)]).sysfs.physicalFunctions().first)
        pf.firstOffset = 384
        pf.stride = 1
        #expect(pf.functionAddresses(4)?.last?.description == "0000:03:10.6")
    }

    @Test func areUnknownWithoutThem() throws {
        var pf = try #require(PretendSys([PretendPF("eth3", vfs: 0)]).sysfs.physicalFunctions().first)
        pf.stride = 0
        #expect(pf.functionAddresses(1)?.count == 1 && pf.functionAddresses(2) == nil)
        pf.firstOffset = nil
        #expect(pf.functionAddresses(1) == nil)
        pf.firstOffset = 128
        pf.stride = 300
        #expect(pf.functionAddresses(300) == nil, "beyond the last bus")
    }
}
