package import Model
package import SRIOV
import Text

/// A host's pools, VFs and checks as numbers. What is not known is left out, never 0.
package struct Metrics: Sendable, Equatable {
    /// In a set order, as are their samples: the same host gives the same text.
    package var families: [MetricFamily]

    /// - Parameters:
    ///   - counters: of a PF's VFs by their index, by the PF's address; none where they are not to be had.
    ///   - time: now, in seconds since 1970.
    package init(
        _ state: State, _ facts: HostFacts, counters: [PCIAddress: [Int: VFCounters]], time: UInt64
    ) throws(Failure) {
        self.init(try Examination(state, facts, named: nil), counters, time)
    }

    init(_ exam: Examination, _ counters: [PCIAddress: [Int: VFCounters]], _ time: UInt64) {
        let report = exam.report
        families =
            [Self.info(report)] + Self.counted(exam.state.pfs, counters)
            + [
                Self.functions(report.pools), Self.bootInterfaces(exam), Self.pending(report.guests),
                Self.verdicts(Diagnosis(exam)),
                MetricFamily(
                    name: "vfpool_last_success_timestamp_seconds", kind: .gauge,
                    help: "When these metrics were made, in seconds since 1970.",
                    samples: [MetricFamily.Sample([], time)]),
            ]
    }

    /// As node_exporter's textfile collector reads it.
    package var text: String { families.map(\.text).joined() }

    private static func info(_ report: Report) -> MetricFamily {
        let samples = report.pfs.flatMap { pf in
            pf.functions.map { function in
                MetricFamily.Sample(
                    place(pf.title, function.index, function.address) + [
                        MetricFamily.Label("pool", Name(function.pools.joined(separator: ","))),
                        // Prometheus takes a label without a value for none: this one tells that nobody has it from that it is not known.
                        MetricFamily.Label(
                            "use", Name((function.isPerhapsFree ? VFUse.unknown : function.use).rawValue)),
                        MetricFamily.Label("domain", function.guest ?? ""),
                        MetricFamily.Label("uuid", Name(function.guestUUID ?? "")),
                        MetricFamily.Label("mac", Name(function.mac.value ?? function.actualMAC.value ?? "")),
                        MetricFamily.Label("vlan", Name(function.vlan.value.map(String.init) ?? "")),
                    ], 1)
            }
        }
        return MetricFamily(
            name: "vfpool_vf_info", kind: .gauge,
            help:
                "Who has the VF, through which pool, with which MAC and VLAN; always 1. No domain: nobody has it, but where its use is unknown.",
            samples: samples)
    }

    static func place(_ device: Name, _ index: Int?, _ address: String) -> [MetricFamily.Label] {
        [
            MetricFamily.Label("device", device), MetricFamily.Label("vf", Name(index.map(String.init) ?? "")),
            MetricFamily.Label("pci_address", Name(address)),
        ]
    }

    private static func functions(_ pools: [PoolReport]) -> MetricFamily {
        let samples = pools.filter(\.isCoverageKnown).flatMap { pool in
            let counts = pool.counts
            let uses = [
                ("free", counts.free), ("later", counts.later), ("taken", counts.taken), ("reserved", counts.reserved),
                ("outside", counts.outside), ("host", counts.host), ("unknown", counts.unknown + counts.perhapsFree),
            ]
            return uses.map { use, count in
                MetricFamily.Sample(
                    [MetricFamily.Label("pool", pool.name), MetricFamily.Label("use", Name(use))], UInt64(max(0, count))
                )
            }
        }
        return MetricFamily(
            name: "vfpool_pool_functions", kind: .gauge, help: "How many VFs of the pool have which use.",
            samples: samples)
    }

    private static func bootInterfaces(_ exam: Examination) -> MetricFamily {
        let samples = exam.pools.sorted { $0.name < $1.name }.compactMap { pool in
            exam.capacities[pool.name].map {
                MetricFamily.Sample([MetricFamily.Label("pool", pool.name)], UInt64($0.atBoot))
            }
        }
        return MetricFamily(
            name: "vfpool_pool_boot_interfaces", kind: .gauge,
            help: "How many interfaces on the pool guests have that start at boot.", samples: samples)
    }

    private static func pending(_ guests: [GuestReport]) -> MetricFamily {
        let samples = guests.compactMap { guest -> MetricFamily.Sample? in
            let isAbout = guest.interfaces.contains { interface in
                [interface.live, interface.next].contains { $0?.isAboutFunctions ?? false }
            }
            guard isAbout else { return nil }
            return MetricFamily.Sample(
                [MetricFamily.Label("domain", guest.name), MetricFamily.Label("uuid", Name(guest.uuid))],
                guest.pending.isEmpty ? 0 : 1)
        }
        return MetricFamily(
            name: "vfpool_guest_pending_restart", kind: .gauge,
            help: "Whether an interface of the guest on a pool or VF changes when it is shut down and started again.",
            samples: samples)
    }

    /// How many checks of a name have which verdict: there may be one for each pool, PF or guest.
    private static func verdicts(_ diagnosis: Diagnosis) -> MetricFamily {
        var counts: [Diagnostic.Code: [Diagnostic.Severity: UInt64]] = [:]
        for check in diagnosis.checks { counts[check.code, default: [:]][check.severity, default: 0] += 1 }
        let samples = Diagnostic.Code.allCases.flatMap { name in
            Diagnostic.Severity.allCases.compactMap { verdict in
                counts[name]?[verdict].map { count in
                    MetricFamily.Sample(
                        [
                            MetricFamily.Label("check", Name(name.rawValue)),
                            MetricFamily.Label("verdict", Name(verdict.rawValue)),
                        ], count)
                }
            }
        }
        return MetricFamily(
            name: "vfpool_check_verdict", kind: .gauge,
            help: "How often doctor gives the check this verdict: pass, unknown, note, warn, fail.", samples: samples)
    }
}
