import Model
import SRIOV

/// What to know before a PF gets another number of VFs.
enum ResizeAdvice {
    static func advice(_ state: State, _ request: ResizeRequest) -> (warnings: [Diagnostic], notes: [Note]) {
        let pf = request.pf
        var warnings = PinnedPF.warnings(pf, state)
        if pf.isUp == false { warnings.append(.pfDown(pf.title)) }
        if let warning = atBoot(request) { warnings.append(warning) }
        var notes: [Note] = []
        if pf.enabledVFs > 0, request.count > 0, !pf.functions.allSatisfy({ $0.settings?.mac?.isZero ?? true }) {
            notes.append("MACs set through \(pf.title) go with its VFs; a guest's own are in its document")
        }
        return (warnings, notes + state.unknowns.map { Note($0) })
    }

    /// That the kernel forgets the count at reboot, or that a file sets another one then.
    static func atBoot(_ request: ResizeRequest) -> Diagnostic? {
        guard let boot = request.boot, request.count > 0 else { return nil }
        let title = request.pf.title
        let setters = boot.setters(of: request.pf)
        if let other = setters.first(where: { $0.count.map { $0 != request.count } ?? false }), let count = other.count
        {
            return Diagnostic(
                .atBoot,
                "the next boot gives \(title) \(Words.count(count, "VF")), not \(request.count): \(other.title)",
                hints: ["change it there, too"])
        }
        guard setters.isEmpty, boot.possibleSetters(of: request.pf).isEmpty, boot.unreadable.isEmpty else {
            return nil
        }
        return Diagnostic(
            .atBoot, "the kernel forgets the VF count of \(title) at the next boot",
            hints: [
                ("create them at every boot: `vfpool boot \(shell: title)`, or add `--persist`" as Hint)
                    .inSpec("create them at every boot: boot: true")
            ])
    }
}
