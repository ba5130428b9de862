import Model
import Reporting
import SRIOV
import TestSupport
import Testing
import Text

@testable import vfpool

/// What `status` shows of VF settings: nothing where nothing is wanted, else what is wanted and what is.
@Suite struct SettingsReportTests {
    /// vm1 has VF 0 of a pool, and wants this of it.
    private func state(_ settings: String, actual: VFSettings?) throws -> State {
        var host = try PretendHost([PretendPF("eth3", vfs: 2)])
        try host.addNetwork(
            """
            <network><name>pool</name><metadata><v:pool xmlns:v='urn:vfpool:1'><v:pf dev='eth3'/>\(settings)</v:pool>\
            </metadata><forward mode='hostdev' managed='yes'><pf dev='eth3'/></forward></network>
            """)
        try host.addGuest("vm1", [.network("pool")], running: true)
        for index in 0..<2 { host.pfs[0].functions[index].settings = actual }
        return try host.state()
    }

    private func text(_ state: State) throws -> String {
        StatusView.text(Report(state), named: nil, .plain)
    }

    @Test func nothingIsWanted() throws {
        let state = try state("", actual: VFSettings(trust: true))
        let text = try text(state)
        #expect(!text.contains("SETTINGS") && !Report(state).findings.contains { $0.code == .settingsDiffer })
        #expect(Report(state).pools[0].functions[0].actualSettings.value?.trust == true)
    }

    @Test func asWanted() throws {
        let state = try state("<v:settings trust='on' max-rate='10'/>", actual: VFSettings(trust: true, maxRate: 10))
        // After the pool's line.
        let lines = try text(state).split(separator: "\n").dropFirst().map(String.init)
        #expect(lines[0].hasSuffix("SETTINGS"))
        #expect(lines[1].hasSuffix("trust on, max-rate 10") && lines[2].hasSuffix("—"))
        #expect(!Report(state).findings.contains { $0.code == .settingsDiffer })
        let report = try Report(state).narrowed(to: "eth3")
        #expect(StatusView.text(report, named: "eth3", .plain).contains("trust on, max-rate 10"))
    }

    @Test func otherwise() throws {
        let wanted = "<v:settings trust='on' max-rate='10' vlan-qos='3'/>"
        let state = try state(wanted, actual: VFSettings(trust: false, maxRate: 10))
        // Without a VLAN there is no tag to set a priority in.
        #expect(try text(state).contains("trust on (is off), max-rate 10, vlan-qos 3\n"))
        let finding = try #require(Report(state).findings.first { $0.code == .settingsDiffer })
        #expect(finding.message == "VF 0 of eth3, which guest vm1 has, has trust off instead of on")
        #expect(finding.guests == ["vm1"] && finding.pools == ["pool"] && finding.hints.count == 2)
    }

    @Test func unknown() throws {
        let state = try state("<v:settings trust='on'/>", actual: nil)
        #expect(try text(state).contains("trust on\n"))
        #expect(!Report(state).findings.contains { $0.code == .settingsDiffer })
        let function = try JSON(parsing: JSONText.text(Report(state).pools[0].functions[0], pretty: false))
        #expect(function["wantedSettings"]?["trust"] == .bool(true) && function["actualSettings"] == .null)
        #expect(function["unknown"]?["actualSettings"]?.text != nil)
    }

    @Test func inTheHeading() throws {
        var state = try state("<v:settings trust='on'/>", actual: nil)
        var other = state.networks[0]
        other.name = "other"
        state.networks.append(other)
        #expect(try text(state).contains("VF settings trust on"))
    }
}
