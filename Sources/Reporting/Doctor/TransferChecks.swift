import Model
import SRIOV
import Text

/// Whether guests of a pool that move while they run take their VFs' insides along, or need another half.
enum TransferChecks {
    static func all(_ exam: Examination) -> [Diagnostic] {
        exam.pools.sorted { $0.name < $1.name }.flatMap { of($0, exam) }
    }

    private static func of(_ pool: NetworkState, _ exam: Examination) -> [Diagnostic] {
        if let reason = exam.facts.migration.reason {
            return [.unknown(.vfMigratable, reason, subject: "pool \(pool.name)", pools: [pool.name])]
        }
        let all = VFTransfer.all(of: pool, exam.state, exam.facts.migration)
        var kinds: [(transfer: VFTransfer, functions: [VirtualFunction])] = []
        for (function, transfer) in all {
            if let known = kinds.firstIndex(where: { $0.transfer.answer == transfer.answer }) {
                kinds[known].functions.append(function)
            } else {
                kinds.append((transfer, [function]))
            }
        }
        return kinds.map { kind in
            let subject =
                kinds.count == 1
                ? "pool \(pool.name)" : "\(PoolFindings.vfs(kind.functions, of: pool, exam.index)) of pool \(pool.name)"
            var check = check(kind.transfer, subject, pool)
            check.subjects = [.pool(pool.name)] + exam.index.pfs(of: pool.name).map { .pf($0.address.description) }
            return check
        }
    }

    private static func check(_ transfer: VFTransfer, _ subject: String, _ pool: NetworkState) -> Diagnostic {
        switch transfer.answer {
        case .possible(let driver):
            return Diagnostic(
                .vfMigratable, .pass,
                "\(subject): a guest can move while it runs, with its VF: VFIO driver \(driver) can transfer its state"
            )
        case .unknown(let reason): return .unknown(.vfMigratable, reason.string, subject: subject)
        case .refused(let reason):
            let hints: [Hint] =
                transfer.hints + ["for a guest that is to move: `vfpool bind GUEST --failover NETWORK`, or a bridge"]
            return Diagnostic(
                .vfMigratable, .note, "\(subject): a guest can't move with its VF while it runs: \(reason)",
                hints: hints,
                fold: Fold(
                    "pool", pool.name, "have VFs that don't move with a running guest (\(reason))", hints: hints))
        }
    }
}
