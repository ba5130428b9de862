import Testing
import Text
import VFPoolCore

@testable import vfpool

/// `GUEST:ADDRESS=MAC`, whatever the guest is called.
@Suite struct GuestMACArgumentTests {
    @Test(arguments: ["vm1", "a:b", "a=b", "a=\u{301}:\u{301}b", "caf\u{E9}", "cafe\u{301}"])
    func names(_ name: String) throws {
        let mac = "52:54:00:00:00:01"
        let given = try #require(GuestMACArgument(argument: "\(name):0000:03:00.0=\(mac)")).given
        #expect(given.guest == Name(name) && given.address == "0000:03:00.0" && given.mac == mac)
    }
}
