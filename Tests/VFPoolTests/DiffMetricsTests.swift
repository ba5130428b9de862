import Model
import Spec
import TestSupport
import Testing
import Text

@testable import Planning
@testable import vfpool

/// How a host stands to its spec, for node_exporter.
@Suite struct DiffMetricsTests {
    @Test func `a line a verdict`() throws {
        let options = SpecOptions(
            pf: { (word, _) throws(Failure) in throw Failure(.noSuchDevice, "there is no network device \(word)") },
            bootPlan: { (_, _, _, _) throws(Failure) in Plan() }, isBridge: { _ in nil },
            request: { SettingsRequest($0) },
            uuid: { "" })
        let state = try PretendHost([PretendPF("eth3", vfs: 1)]).state()
        let found = try SpecPlan(state, HostSpec(pfs: [PFSpec("eth9", vfs: 1)]), options)
        let text = DiffMetrics.text(found, 1_700_000_000)
        #expect(text.contains("\nvfpool_spec_things{verdict=\"blocked\"} 1\n"))
        #expect(text.contains("\nvfpool_spec_things{verdict=\"same\"} 0\n"))
        #expect(text.hasSuffix("\nvfpool_spec_last_success_timestamp_seconds 1700000000\n"))
    }

    @Test func `it is written whole, for others to read, where somebody collects`() throws {
        let host = try CLIHost()
        let path = host.folder + "/spec.prom"
        let spec = try host.run(["export"]).stdout
        let result = try host.run(["diff", "-f", "-", "--metrics", path], input: spec)
        #expect(result.status == 0, "\(result)")
        let written = try host.shell("stat -c %a \(path); grep -c '^vfpool_spec_things{' \(path)")
        #expect(written.stdout == "644\n6\n", "\(written)")
        let nobody = try host.run(["diff", "-f", "-", "--metrics", "/nowhere/x.prom"], input: spec)
        #expect(nobody.status == 0 && nobody.stderr.contains("note: no metric is written"), "\(nobody)")
    }
}
