import Reporting
import Text

/// What `metrics` prints with `--format json`.
extension Schema {
    /// stdout of `metrics`.
    struct MetricsEnvelope: Encodable {
        var version = Schema.version
        var metrics: [Metric]
    }

    struct Metric: Encodable {
        var name: String
        /// `counter`, `gauge`.
        var type: String
        var help: String
        var samples: [MetricSample]
    }

    struct MetricSample: Encodable {
        var labels: [String: Name]
        var value: UInt64
    }
}

extension Schema.MetricsEnvelope {
    init(_ metrics: Metrics) {
        self.metrics = metrics.families.filter { !$0.samples.isEmpty }.map { family in
            Schema.Metric(
                name: family.name, type: family.kind.rawValue, help: family.help,
                samples: family.samples.map { sample in
                    Schema.MetricSample(
                        labels: Dictionary(sample.labels.map { ($0.name, $0.value) }) { $1 },
                        value: sample.value)
                })
        }
    }
}
