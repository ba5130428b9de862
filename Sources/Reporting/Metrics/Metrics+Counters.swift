import Model
import SRIOV
import Text

extension Metrics {
    /// What went through VFs, and of which PFs that is known.
    static func counted(
        _ pfs: [PhysicalFunction], _ counters: [PCIAddress: [Int: VFCounters]]
    ) -> [MetricFamily] {
        let pfs = pfs.filter { !$0.functions.isEmpty }.sorted { $0.address < $1.address }
        let available = MetricFamily(
            name: "vfpool_vf_counters_available", kind: .gauge,
            help:
                "Whether the PF's driver counts what goes through its VFs, and said so: 0 also until the first packet.",
            samples: pfs.map { pf in
                MetricFamily.Sample(
                    [MetricFamily.Label("device", pf.title)], counters[pf.address] == nil ? 0 : 1)
            })
        // The labels are those of six families.
        let counted = pfs.flatMap { pf -> [([MetricFamily.Label], VFCounters)] in
            guard let counters = counters[pf.address] else { return [] }
            return pf.functions.compactMap { function in
                counters[function.index].map {
                    (place(pf.title, function.index, function.address.description), $0)
                }
            }
        }
        return each.map { name, help, value in
            MetricFamily(
                name: name, kind: .counter, help: help,
                samples: counted.compactMap { labels, counters in
                    value(counters).map { MetricFamily.Sample(labels, $0) }
                })
        } + [available]
    }

    private typealias Counted = (name: String, help: String, value: (VFCounters) -> UInt64?)

    private static var each: [Counted] {
        [
            ("vfpool_vf_receive_bytes_total", "Bytes that the VF received.", \.receivedBytes),
            ("vfpool_vf_receive_packets_total", "Packets that the VF received.", \.receivedPackets),
            ("vfpool_vf_receive_dropped_total", "Packets for the VF that were dropped.", \.receivedDropped),
            ("vfpool_vf_transmit_bytes_total", "Bytes that the VF sent.", \.transmittedBytes),
            ("vfpool_vf_transmit_packets_total", "Packets that the VF sent.", \.transmittedPackets),
            ("vfpool_vf_transmit_dropped_total", "Packets of the VF that were dropped.", \.transmittedDropped),
        ]
    }
}
