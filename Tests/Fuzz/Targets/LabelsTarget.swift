import TestSupport
import Text

@testable import Reporting

/// What Prometheus is told: names that mean harm, as labels, are read from the text as what they are.
///
/// The input is values with a NUL between them, for no name has one.
struct LabelsTarget: FuzzTarget {

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var values = input.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
        let place = Int.random(in: 0..<max(1, values.count), using: &generator)
        let hostile = Array((generator.pick(HostileText.all) ?? "").utf8)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: values.insert(hostile, at: place)
        case 1 where values.indices.contains(place): values[place] += hostile
        case 2 where values.indices.contains(place): values[place] = ByteMutation.mutated(values[place], &generator)
        default:
            values.append(Array((generator.pick(["\\n", "\\\"", "\\\\", "\"} 1\n", "\n# x", "{a=\"b\"}"]) ?? "").utf8))
        }
        return Array(values.joined(separator: [0]))
    }

    func run(_ input: [UInt8]) throws -> Bool {
        let values = input.split(separator: 0, omittingEmptySubsequences: false).map {
            Name(String(decoding: $0, as: UTF8.self))
        }
        let names = ["device", "vf", "pool", "domain"]
        let samples = stride(from: 0, to: values.count, by: names.count).map { start in
            MetricFamily.Sample(
                zip(names, values[start...]).map { MetricFamily.Label($0, $1) }, UInt64(start) &* 0x1_0000_0001)
        }
        let family = MetricFamily(name: "vfpool_vf_info", kind: .gauge, help: "Who has it.", samples: samples)
        let found = try ExpositionText.samples(Array(family.text.utf8), of: family.name)
        let wanted = samples.map { sample in
            ExpositionText.Sample(
                labels: sample.labels.map { .init(name: Array($0.name.utf8), value: Array($0.value.string.utf8)) },
                value: Array("\(sample.value)".utf8))
        }
        try require(found == wanted, "samples are read as others: \(family.text)")
        return true
    }
}
