import FoundationEssentials
import TestSupport
import Testing

/// The invariants that rig tests lean on can be seen to break.
struct RigStateTests {
    static func state(holderOfSecond: String, mac: String = "52:54:00:00:00:02", claimant: String = "vm2") throws
        -> RigState
    {
        let text = """
            {"guests": [
              {"name": "vm1", "uuid": "1", "running": true, "config": [{"attached": "network", "mac": "52:54:00:00:00:01"}],
               "live": [{"attached": "pinned", "mac": "52:54:00:00:00:01", "vf": "0000:03:10.0"}]},
              {"name": "vm2", "uuid": "2", "running": true, "config": [{"attached": "network", "mac": "52:54:00:00:00:02"}],
               "live": [{"attached": "pinned", "mac": "52:54:00:00:00:02", "vf": "\(holderOfSecond)"}]}],
             "networks": [{"name": "eth3", "uuid": "3", "active": true, "persistent": true, "listed": [], "ports": [
               {"uuid": "4", "owner": "\(claimant)", "mac": "52:54:00:00:00:02", "vf": "0000:03:10.2"}]}],
             "pfs": [{"name": "eth3", "address": "0000:03:00.0", "mac": "a0:36:9f:03:00:00", "vfs": [
               {"index": 0, "address": "0000:03:10.0", "mac": "52:54:00:00:00:01", "vlan": 0},
               {"index": 1, "address": "0000:03:10.2", "mac": "\(mac)", "vlan": 0}]}]}
            """
        return try JSONDecoder().decode(RigState.self, from: Data(text.utf8))
    }

    @Test func `a sound host has no problems`() throws {
        let state = try Self.state(holderOfSecond: "0000:03:10.2")
        #expect(state.problems(macs: ["vm1": ["52:54:00:00:00:01"], "vm2": ["52:54:00:00:00:02"]]) == [])
    }

    @Test func `each problem is seen`() throws {
        #expect(try Self.state(holderOfSecond: "0000:03:10.0").problems().count == 2)  // two holders; and its MAC
        #expect(try Self.state(holderOfSecond: "0000:03:11.0").problems().count == 1)
        #expect(try Self.state(holderOfSecond: "0000:03:10.2", mac: "00:00:00:00:00:00").problems().count == 1)
        #expect(try Self.state(holderOfSecond: "0000:03:10.2", claimant: "vm1").problems().count == 1)
        let state = try Self.state(holderOfSecond: "0000:03:10.2")
        #expect(state.problems(macs: ["vm1": ["52:54:00:00:00:09"]]).count == 2)  // live and config
        #expect(state.problems(macs: ["vm3": []]).count == 1)
    }
}
