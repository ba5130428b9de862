package import Model
import Text

extension Metrics: JSONReport {
    package var json: JSONObject {
        [
            "metrics": families.filter { !$0.samples.isEmpty }.map { family in
                [
                    "name": family.name, "type": family.kind.rawValue, "help": family.help,
                    "samples": family.samples.map { sample in
                        [
                            "labels": Dictionary(sample.labels.map { ($0.name, $0.value) }) { $1 },
                            "value": sample.value,
                        ] as JSONObject
                    },
                ] as JSONObject
            }
        ]
    }
}
