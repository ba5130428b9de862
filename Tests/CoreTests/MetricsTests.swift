import Model
import SRIOV
import TestSupport
import Testing
import Text

@testable import Reporting

/// Metrics of a host as values, and how they are written.
@Suite struct MetricsTests {
    private static let function = PCIAddress("0000:03:10.0")

    private func pf(_ name: Name, _ address: String, vfs: Int) throws -> PhysicalFunction {
        let functions = try (0..<vfs).map {
            VirtualFunction(index: $0, address: try #require(PCIAddress("0000:03:1\($0).0")))
        }
        return PhysicalFunction(
            netdev: name, address: try #require(PCIAddress(address)), enabledVFs: vfs, possibleVFs: 8,
            functions: functions)
    }

    private func metrics(
        _ pfs: [PhysicalFunction], _ counters: [PCIAddress: [Int: VFCounters]] = [:]
    ) throws -> Metrics {
        let state = State(uri: "test:///x", isLocal: true, networks: [], guests: [], pfs: pfs)
        return try Metrics(
            state, .unknown("there is no host", hasGrammars: true), counters: counters, time: 1_700_000_000)
    }

    /// Whatever a name is made of, a line stays a line and a label a label.
    @Test(arguments: HostileNames.all) func labelsAreEscaped(name: String) throws {
        let family = MetricFamily(
            name: "m", kind: .gauge, help: "h",
            samples: [MetricFamily.Sample([MetricFamily.Label("a", Name(name)), MetricFamily.Label("b", "")], 1)])
        let lines = family.text.split(byte: "\n", keepsEmpty: true)
        #expect(lines.count == 4, "\(lines)")
        let body = try #require(lines[2].without(prefix: "m{a=\"").flatMap { $0.without(suffix: "\",b=\"\"} 1") })
        // Read back as Prometheus does.
        var read: [UInt8] = []
        var isEscaped = false
        for byte in body.utf8 {
            if isEscaped {
                read.append(byte == UInt8(ascii: "n") ? 0x0A : byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                #expect(byte != UInt8(ascii: "\""))
                read.append(byte)
            }
        }
        #expect(read == Array(name.utf8))
    }

    @Test func whatIsNotKnownIsNotThere() throws {
        let eth3 = try pf("eth3", "0000:03:00.0", vfs: 2)
        let without = try metrics([eth3]).text
        #expect(!without.contains("_bytes") && without.contains("vfpool_vf_counters_available{device=\"eth3\"} 0\n"))
        #expect(without.hasSuffix("\nvfpool_last_success_timestamp_seconds 1700000000\n"))
        let with = try metrics(
            [eth3], [eth3.address: [0: VFCounters(receivedBytes: .max, transmittedDropped: 0), 1: VFCounters()]]
        ).text
        #expect(
            with.contains(
                """
                # HELP vfpool_vf_receive_bytes_total Bytes that the VF received.
                # TYPE vfpool_vf_receive_bytes_total counter
                vfpool_vf_receive_bytes_total{device="eth3",vf="0",pci_address="0000:03:10.0"} 18446744073709551615
                #
                """), "\(with)")
        #expect(
            with.contains("vfpool_vf_transmit_dropped_total{device=\"eth3\",vf=\"0\",pci_address=\"0000:03:10.0\"} 0\n")
        )
        #expect(!with.contains("vfpool_vf_transmit_bytes_total") && !with.contains("total{device=\"eth3\",vf=\"1\""))
        #expect(with.contains("vfpool_vf_counters_available{device=\"eth3\"} 1\n"))
    }

    /// Prometheus takes a label without a value for none: that nobody has a VF, and that it is not known who, is told apart by `use`.
    @Test(arguments: [(true, "free"), (false, "unknown")]) func nobodyIsNotUnknown(isLocal: Bool, use: String) throws {
        let state = State(
            uri: "test:///x", isLocal: isLocal, networks: [], guests: [], pfs: [try pf("eth3", "0000:03:00.0", vfs: 1)])
        let text = try Metrics(
            state, .unknown("there is no host", hasGrammars: true), counters: [:], time: 1_700_000_000
        ).text
        #expect(
            text.contains("vf=\"0\",pci_address=\"0000:03:10.0\",pool=\"\",use=\"\(use)\",domain=\"\","), "\(text)")
    }

    /// The samples of one metric stand together, none is there twice, and it is the same text each time.
    @Test func theFormatHolds() throws {
        let pfs = try [pf("eth4", "0000:04:00.0", vfs: 1), pf("eth3", "0000:03:00.0", vfs: 2)]
        let text = try metrics(pfs).text
        #expect(try metrics(pfs.reversed()).text == text)
        let lines = text.split(byte: "\n")
        let samples = lines.filter { !$0.hasPrefix(bytes: "#") }.map { Name($0.cut(atLast: " ")?.before ?? "") }
        #expect(Set(samples).count == samples.count)
        let names = lines.compactMap { $0.without(prefix: "# TYPE ")?.cut(at: " ").map { Name($0.before) } }
        #expect(Set(names).count == names.count && !names.isEmpty)
        for name in names {
            #expect(text.contains("# HELP \(name) "))
            let own = samples.indices.filter { samples[$0] == name || samples[$0].string.hasPrefix(bytes: "\(name){") }
            #expect(own.count > 0 && own.count == own.last.map { $0 - own[0] + 1 }, "\(name)")
        }
    }
}
