import Model
import Testing
import Text

@testable import vfpool

/// `GUEST:ADDRESS=MAC`, whatever the guest is called.
@Suite struct GuestMACArgumentTests {
    @Test(arguments: ["vm1", "a:b", "a=b", "a=\u{301}:\u{301}b", "caf\u{E9}", "cafe\u{301}"])
    func names(_ name: String) throws {
        let mac = "52:54:00:00:00:01"
        let given = try #require(GuestMACArgument(argument: "\(name):0000:03:00.0=\(mac)")).given
        #expect(given.guest == Name(name) && given.address == "0000:03:00.0" && given.mac == mac)
    }

    @Test(arguments: ["03:10.2", "0000:03:10.2", "pci_0000_03_10_2"])
    func spellings(_ address: String) throws {
        for mac in ["52-54-00-00-00-01", "5254.0000.0001", "52:54:00:AB:00:01"] {
            let given = try #require(GuestMACArgument(argument: "a:b:\(address)=\(mac)")).given
            #expect(given.guest == "a:b" && given.address == address)
        }
        for mac in ["52-54-00-00-00", "52-54:00-00-00-01", "5254.0000.001", "525400000001", ""] {
            #expect(GuestMACArgument(argument: "a:b:\(address)=\(mac)") == nil, "\(mac)")
        }
    }
}
