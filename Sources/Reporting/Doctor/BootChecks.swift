import Model
import SRIOV
import Text

/// What the next boot brings: the kernel forgets a PF's VF count, and libvirt starts pools once and never again.
enum BootChecks {
    static func all(_ exam: Examination) -> [Diagnostic] {
        nobodys(exam)
            + exam.pfs.flatMap { pf -> [Diagnostic] in
                let pfs = [pf.address.description]
                let boot: BootSetup
                switch exam.facts.boot {
                case .unknown(let reason):
                    guard pf.enabledVFs > 0 else { return [] }
                    return [Diagnostic.Code.vfsPersist, .vfsBeforeLibvirt, .vfsReset].map {
                        .unknown($0, reason, subject: pf.title.string, pfs: pfs)
                    }
                case .absent: boot = BootSetup()
                case .known(let found): boot = found
                }
                let setters = boot.setters(of: pf)
                guard pf.enabledVFs > 0 || !setters.isEmpty else { return [] }
                let possible = boot.possibleSetters(of: pf)
                return [persist(pf, setters, boot)] + order(pf, setters) + resets(pf, setters, possible)
            }
    }

    /// A card that was moved to another slot has another address, and gets no VFs.
    private static func nobodys(_ exam: Examination) -> [Diagnostic] {
        guard exam.isWhole, let setters = exam.facts.boot.value?.setters else { return [] }
        return setters.filter { setter in
            setter.means == .vfpool && !exam.pfs.contains { setter.pf == $0.address }
        }.map { setter in
            Diagnostic(
                .vfsPersist, .warn, "\(setter.path) is for a PF that is not there: was its card moved?",
                hints: ["write one for the PF: `vfpool boot PF`, and `rm \(shell: setter.path)`"])
        }
    }

    private static func persist(_ pf: PhysicalFunction, _ setters: [CountSetter], _ boot: BootSetup) -> Diagnostic {
        let pfs = [pf.address.description]
        guard !setters.isEmpty else {
            if let possible = boot.possibleSetters(of: pf).first, let doubt = possible.doubt {
                return Diagnostic(
                    .vfsPersist, .unknown,
                    "\(possible.title) may set the VF count of \(pf.title) at boot: \(doubt)", pfs: pfs)
            }
            if !boot.unreadable.isEmpty {
                return .unknown(
                    .vfsPersist, Words.list(boot.unreadable), subject: pf.title.string, pfs: pfs)
            }
            return Diagnostic(
                .vfsPersist, .warn,
                "nothing sets the VF count of \(pf.title) at boot: after a reboot it has no VFs, and no pool of them can start",
                hints: ["create them before libvirt starts: `vfpool boot \(shell: pf.title)`"], pfs: pfs)
        }
        if let odd = setters.first(where: { $0.count.map { $0 != pf.enabledVFs } ?? false }), let count = odd.count {
            return Diagnostic(
                .vfsPersist, .warn,
                "\(pf.title) has \(Words.count(pf.enabledVFs, "VF")), and will have \(count) after a boot: \(odd.title)",
                hints: count == 0
                    ? ["change it there, in \(text: odd.path)"]
                    : [
                        "change it there, in \(text: odd.path)",
                        "or change the count now: `vfpool resize \(shell: pf.title) \(shell: count)`",
                    ], pfs: pfs)
        }
        guard let known = setters.first(where: { $0.count != nil }) ?? setters.first else {
            return .unknown(.vfsPersist, "no reason", pfs: pfs)
        }
        guard let count = known.count else {
            return .unknown(
                .vfsPersist, "\(known.title) sets a VF count that can't be read out of it", subject: pf.title.string,
                pfs: pfs)
        }
        return Diagnostic(
            .vfsPersist, .pass, "\(pf.title) gets \(Words.count(count, "VF")) at boot: \(known.title)", pfs: pfs)
    }

    private static func order(_ pf: PhysicalFunction, _ setters: [CountSetter]) -> [Diagnostic] {
        guard !setters.isEmpty else { return [] }
        let pfs = [pf.address.description]
        if let good = setters.first(where: { $0.isBeforeLibvirt && $0.setsUp == .yes }) {
            return [
                Diagnostic(
                    .vfsBeforeLibvirt, .pass,
                    "libvirt waits until \(pf.title) is up and has its VFs: \(good.title)", pfs: pfs)
            ]
        }
        if let early = setters.first(where: { $0.isBeforeLibvirt && $0.setsUp == .maybe }) {
            return [
                .unknown(
                    .vfsBeforeLibvirt, "it is not known whether \(early.title) also sets the PF up",
                    subject: pf.title.string,
                    pfs: pfs)
            ]
        }
        let reason =
            if let early = setters.first(where: \.isBeforeLibvirt) {
                "\(early.title) does not set \(pf.title) up, and on a PF that is down no guest can start"
            } else if let first = setters.first {
                "libvirt does not wait for \(first.title)"
            } else {
                ""
            }
        return [
            Diagnostic(
                .vfsBeforeLibvirt, .warn,
                "guests of \(pf.title) that start at boot may fail: \(reason)",
                hints: [
                    "remove it there, and let vfpool do it before libvirt starts: `vfpool boot \(shell: pf.title)`",
                    "or start pools that failed at boot: `vfpool reconcile`, for example from a timer",
                ],
                pfs: pfs)
        ]
    }

    private static func resets(
        _ pf: PhysicalFunction, _ setters: [CountSetter], _ possible: [CountSetter]
    ) -> [Diagnostic] {
        let pfs = [pf.address.description]
        var checks: [Diagnostic] = []
        for setter in setters {
            guard let danger = setter.danger else { continue }
            checks.append(
                Diagnostic(.vfsReset, .warn, "\(setter.title) \(danger)", hints: setter.dangerHints(pf), pfs: pfs))
        }
        let paths = setters.map(\.path)
        if Set(paths).count > 1 {
            checks.append(
                Diagnostic(
                    .vfsReset, .warn, "several files set the VF count of \(pf.title): \(Words.list(paths))",
                    hints: ["set the VF count in one place only"], pfs: pfs))
        }
        if checks.isEmpty, !setters.isEmpty, let other = possible.first, let doubt = other.doubt {
            checks.append(
                Diagnostic(
                    .vfsReset, .unknown, "\(other.title) may set the VF count of \(pf.title), too: \(doubt)",
                    pfs: pfs))
        }
        if checks.isEmpty {
            checks.append(Diagnostic(.vfsReset, .pass, "nothing resets the VF count of \(pf.title)", pfs: pfs))
        }
        return checks
    }
}

extension CountSetter {
    /// When it takes VFs away from guests that have them.
    var danger: String? {
        switch means {
        case .networkManager:
            "resets the VF count when the connection is brought down, also under running guests"
        case .netplan: "sets the VF count to 0 first where it differs, also under running guests"
        default: nil
        }
    }

    func dangerHints(_ pf: PhysicalFunction) -> [Hint] {
        switch means {
        case .networkManager: ["never bring it down while guests run, or remove the count from it"]
        case .netplan: ["run no `netplan apply` while guests run, or remove the count from it"]
        default: []
        }
    }
}
