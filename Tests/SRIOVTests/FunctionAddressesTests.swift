import SRIOV
import TestSupport
import Testing
import Text

/// Where VFs will be, before they are there.
@Suite struct FunctionAddressesTests {
    @Test func followOffsetAndStride() throws {
        let port = try #require(
            PretendSys([PretendPort("eth3", vfs: 0, possible: 63)]).sysfs.physicalFunctions().first)
        #expect(port.firstOffset == 128 && port.stride == 2 && port.probesDrivers == true)
        #expect(port.functionAddresses(5)?.map(\.description) == (0..<5).map { "0000:03:1\($0 / 4).\($0 % 4 * 2)" })
        #expect(port.functionAddresses(0) == [])
    }

    /// A card may have others than it says while it has no VFs.
    @Test func followTheVFsThatAreThere() throws {
        var port = try #require(PretendSys([PretendPort("eth3", vfs: 2)]).sysfs.physicalFunctions().first)
        port.firstOffset = 384
        port.stride = 1
        #expect(port.functionAddresses(4)?.last?.description == "0000:03:10.6")
    }

    @Test func areUnknownWithoutThem() throws {
        var port = try #require(PretendSys([PretendPort("eth3", vfs: 0)]).sysfs.physicalFunctions().first)
        port.stride = 0
        #expect(port.functionAddresses(1)?.count == 1 && port.functionAddresses(2) == nil)
        port.firstOffset = nil
        #expect(port.functionAddresses(1) == nil)
        port.firstOffset = 128
        port.stride = 300
        #expect(port.functionAddresses(300) == nil, "beyond the last bus")
    }
}
