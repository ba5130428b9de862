package import Model
import Parallel
package import SRIOV

extension Metrics {
    /// What is asked of the kernel beside what `status` shows.
    package typealias Asked = (facts: HostFacts, counters: [PCIAddress: [Int: VFCounters]])

    private struct Answer: Sendable {
        var asked: Asked?
        var report: (index: ReportIndex, whole: Report)?
    }

    /// Asks the kernel while the report is made: on a host with thousands of VFs each takes a while.
    package init(_ state: State, time: UInt64, asking kernel: @Sendable () -> Asked) throws(Failure) {
        @Sendable func report() -> (index: ReportIndex, whole: Report) {
            let index = ReportIndex(state)
            return (index, Report(index))
        }
        let answers = inParallel([true, false]) { isKernel in
            isKernel ? Answer(asked: kernel()) : Answer(report: report())
        }
        let asked = answers.lazy.compactMap(\.asked).first ?? kernel()
        let (index, whole) = answers.lazy.compactMap(\.report).first ?? report()
        self.init(try Examination(index, whole, asked.facts, named: nil), asked.counters, time)
    }
}
