import Model
import Reporting
import SRIOV
import Text

/// Reads the counters of the VFs that are shown, and makes rates of two readings.
final class TrafficMeter {
    private let live: LiveHost
    private let name: Name?
    private var last: Traffic.Sample
    private var reader: VFCounterReader?
    /// What was asked for, as of the host's reading of that number.
    private var known: (reading: Int, pfs: [PFReport], addresses: Set<PCIAddress>) = (0, [], [])

    /// - Throws: `no-such-pool`, when nothing is called so.
    init(_ live: LiveHost, named name: Name?) throws(Failure) {
        self.live = live
        self.name = name
        last = Traffic.Sample(time: LiveHost.now, counters: [:])
        if let name { _ = try live.report.narrowed(to: name) }
        last = sample()
    }

    /// Whether there is no VF to be measured, as of now.
    var isEmpty: Bool { shown.allSatisfy(\.functions.isEmpty) }

    /// What went through since the last time.
    func measure() -> Traffic {
        let next = sample()
        defer { last = next }
        return Traffic(shown, from: last, to: next)
    }

    /// One question to the kernel a PF.
    private func sample() -> Traffic.Sample {
        var counters: [PCIAddress: [Int: VFCounters]] = [:]
        if let sysfs = live.sysfs {
            let reader = reader ?? VFCounterReader(sysfs)
            self.reader = reader
            look()
            for pf in live.state.pfs where known.addresses.contains(pf.address) {
                counters[pf.address] = reader.counters(of: pf)
            }
        }
        return Traffic.Sample(time: LiveHost.now, counters: counters)
    }

    /// What was asked for, as the host is now; nothing once it is gone.
    private var shown: [PFReport] {
        look()
        return known.pfs
    }

    private func look() {
        guard known.reading != live.readings else { return }
        let pfs = asked
        known = (live.readings, pfs, Set(pfs.compactMap { PCIAddress($0.address) }))
    }

    private var asked: [PFReport] {
        let report = live.report
        guard let name else { return report.pfs }
        guard let part = try? report.narrowed(to: name) else { return [] }
        let own = Set(part.pfs.flatMap(\.functions).map { Name($0.address) })
        let pools = Set(part.pools.flatMap(\.functions).map { Name($0.address) })
        let guests = Set(part.guests.map { Name($0.uuid) })
        return report.pfs.compactMap { pf in
            var part = pf
            part.functions = pf.functions.filter { function in
                own.contains(Name(function.address)) || pools.contains(Name(function.address))
                    || function.guestUUID.map { guests.contains(Name($0)) } ?? false
            }
            return part.functions.isEmpty ? nil : part
        }
    }
}
