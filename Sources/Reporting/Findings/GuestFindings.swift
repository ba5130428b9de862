import Model
import Text

/// What is to be said of guests: what waits for their next start.
enum GuestFindings {
    static func all(_ guests: [GuestReport], _ index: ReportIndex) -> [Diagnostic] {
        guests.flatMap { guest -> [Diagnostic] in
            var findings: [Diagnostic] = []
            let pending = guest.pending
            if !pending.isEmpty {
                let changes = pending.map(\.change)
                let isUnplugged = pending.contains { $0.isTeamed && $0.live == nil && $0.next?.kind == .pool }
                findings.append(
                    Diagnostic(
                        .pendingRestart, .note,
                        "guest \(guest.name) has to be shut down and started again: \(changes.joined(separator: "; "))",
                        hints: isUnplugged
                            ? ["give it the VF of its pair now: `vfpool bind \(shell: guest.word) --live`"] : [],
                        pools: pools(pending), guests: [guest.name],
                        fold: Fold(
                            "guest", guest.name, "have to be shut down and started again",
                            hints: ["see what changes then: `vfpool status GUEST`"])))
            }
            if guest.hasSavedState, guest.interfaces.contains(where: { $0.next?.isAboutFunctions ?? false }) {
                findings.append(.savedState(guest.name, word: guest.word))
            }
            return findings + lost(guest, index) + missingNetworks(guest, index)
        }
    }

    private static func lost(_ guest: GuestReport, _ index: ReportIndex) -> [Diagnostic] {
        guest.interfaces.compactMap { interface in
            guard let name = interface.lostPool, let address = interface.live?.address else { return nil }
            let isActive = index.state.network(name)?.isActive ?? false
            let start: Hint = isActive ? "" : "`virsh net-start \(shell: index.state.word(ofNetwork: name))`, then "
            return Diagnostic(
                .lostPort,
                "guest \(guest.name) lost its network port of pool \(name), which was stopped: the pool may hand out its VF \(address)",
                hints: ["reserve it before another guest starts: \(start)`vfpool reconcile`"], pools: [name],
                guests: [guest.name], vfs: [address],
                fold: Fold(
                    "guest", guest.name,
                    "lost their network ports of pool \(name), which was stopped: the pool may hand out their VFs",
                    hints: ["reserve them before another guest starts: \(start)`vfpool reconcile`"]))
        }
    }

    private static func missingNetworks(_ guest: GuestReport, _ index: ReportIndex) -> [Diagnostic] {
        guest.interfaces.compactMap { interface in
            guard interface.next?.kind == .network, let name = interface.next?.name, index.state.network(name) == nil
            else { return nil }
            return Diagnostic(
                .noSuchNetwork, "guest \(guest.name) can't start: there is no network \(name)",
                hints: ["point it at a pool that is there: `vfpool bind \(shell: guest.word) --pool POOL`"],
                pools: [name], guests: [guest.name],
                fold: Fold(
                    "guest", guest.name, "can't start: there is no network \(name)",
                    hints: ["point them at a pool that is there: `vfpool bind GUEST… --pool POOL`"]))
        }
    }

    private static func pools(_ interfaces: [InterfaceReport]) -> [Name] {
        interfaces.flatMap { [$0.live, $0.next] }.compactMap { connection in
            connection?.kind == .pool ? connection?.name : nil
        }
    }
}
