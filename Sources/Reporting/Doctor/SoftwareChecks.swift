import Model
import Text

/// What is installed: libvirt and its faults, its grammar files and hooks, and what this user may do.
enum SoftwareChecks {
    static func all(_ exam: Examination) -> [Diagnostic] {
        [version(exam.state), schemas(exam.facts)] + hooks(exam) + leftovers(exam.facts) + trust(exam.facts)
            + bootUnits(exam.facts) + permissions(exam) + JournalChecks.all(exam.facts)
    }

    private static func version(_ state: State) -> Diagnostic {
        guard let version = state.libvirtVersion else {
            return .unknown(.libvirtVersion, "the daemon does not give its version")
        }
        if VersionGate.ports.isLacking(version) {
            return Diagnostic(
                .libvirtVersion, .warn,
                "libvirt \(version) has no network ports: VFs held elsewhere can't be reserved in a running pool",
                hints: ["upgrade libvirt to 5.5 or later"])
        }
        if VersionGate.plugFault.has(version) {
            return Diagnostic(
                .libvirtVersion, .fail, "libvirt \(version) crashes when an interface of a pool is plugged",
                hints: ["upgrade libvirt to 12.2 or later"])
        }
        return Diagnostic(.libvirtVersion, .pass, "libvirt \(version)")
    }

    private static func schemas(_ facts: HostFacts) -> Diagnostic {
        facts.hasGrammars
            ? Diagnostic(.schemaFiles, .pass, "libvirt's grammar files are there")
            : Diagnostic(
                .schemaFiles, .warn, "libvirt's grammar files are missing: documents are checked by the daemon only",
                hints: [
                    "install them, on Debian with libvirt-common, before Debian 13 with libvirt0, on Fedora with libvirt-libs; or name them by VFPOOL_SCHEMA_DIR"
                ])
    }

    private static func hooks(_ exam: Examination) -> [Diagnostic] {
        let hooks: Set<Name> = if case .known(let hooks) = exam.facts.hooks { Set(hooks.keys) } else { [] }
        let users = exam.state.hookUsers
        let missing = HookFile.allCases.map(\.path).filter { !hooks.contains(Name($0)) }
        if exam.facts.hooks.reason == nil, !users.isEmpty, let path = missing.first {
            return [
                Diagnostic(
                    .hooks, .fail,
                    "\(path) is missing: nothing applies the VF settings of \(Words.list(users))",
                    hints: ["`vfpool hook install`"])
            ]
        }
        if let problem = exam.facts.hookConfinement {
            return [
                Diagnostic(
                    .hooks, .fail, "libvirt's daemon may not run vfpool's hook: \(problem.cause)", hints: problem.hints)
            ]
        }
        return known(exam.facts)
    }

    private static func known(_ facts: HostFacts) -> [Diagnostic] {
        switch facts.hooks {
        case .unknown(let reason): return [.unknown(.hooks, reason)]
        case .absent: return [Diagnostic(.hooks, .pass, "libvirt has no hooks here")]
        case .known(let hooks):
            let idle = hooks.filter { !$0.value }.keys.sorted()
            guard !idle.isEmpty else {
                let count = hooks.count
                return [
                    Diagnostic(
                        .hooks, .pass, "\(Words.count(count, "hook")) of libvirt, \(count == 1 ? "" : "all ")executable"
                    )
                ]
            }
            return idle.map { path in
                Diagnostic(
                    .hooks, path.string.contains(bytes: "vfpool") ? .fail : .warn,
                    "\(path) is not executable: libvirt silently ignores it",
                    hints: ["`chmod +x \(shell: path)`, and restart libvirt's daemon"])
            }
        }
    }

    /// Of a vfpool that was killed while it wrote a file.
    private static func leftovers(_ facts: HostFacts) -> [Diagnostic] {
        switch facts.leftovers {
        case .unknown(let reason): [.unknown(.leftovers, reason)]
        case .absent: [Diagnostic(.leftovers, .pass, "no files are left over from a killed vfpool")]
        case .known(let paths):
            paths.keys.sorted().map { path in
                let hints: [Hint] = ["when no vfpool is at work: `rm -r \(shell: path)`"]
                return paths[path] == true
                    ? Diagnostic(.leftovers, .fail, "libvirt runs \(path), which a killed vfpool left", hints: hints)
                    : Diagnostic(
                        .leftovers, .note, "\(path) was left by a killed vfpool; nothing reads it", hints: hints)
            }
        }
    }

    private static func trust(_ facts: HostFacts) -> [Diagnostic] {
        switch facts.weaknesses {
        case .unknown(let reason): [.unknown(.trust, reason)]
        case .absent:
            [
                Diagnostic(
                    .trust, .pass, "only root can change libvirt's hooks, vfpool's units, and the vfpool that they run")
            ]
        case .known(let weaknesses):
            weaknesses.map { weakness in
                Diagnostic(
                    .trust, .fail, "what \(weakness.path) leads to runs as root, and \(weakness.words)",
                    hints: [weakness.hint])
            }
        }
    }

    private static func bootUnits(_ facts: HostFacts) -> [Diagnostic] {
        switch facts.unitCopies {
        case .unknown(let reason): [.unknown(.bootUnits, reason)]
        case .absent:
            [Diagnostic(.bootUnits, .pass, "every vfpool unit in /etc/systemd/system is of this vfpool")]
        case .known(let copies): copies.map(\.check)
        }
    }

    private static func permissions(_ exam: Examination) -> [Diagnostic] {
        var checks =
            exam.state.unknowns.isEmpty
            ? [Diagnostic(.reading, .pass, "all networks, guests and network ports could be read")]
            : exam.state.unknowns.map { Diagnostic(.reading, .unknown, $0) }
        if case .known(let problem) = exam.facts.journalProblem {
            checks.append(
                Diagnostic(
                    .permissions, .fail, problem,
                    hints: ["without a journal nothing is changed; VFPOOL_STATE_DIR names another folder"]))
        }
        switch exam.facts.isRoot {
        case .known(true) where exam.facts.journalProblem.value != nil: break
        case .known(true): checks.append(Diagnostic(.permissions, .pass, "root: all can be read, and changed"))
        case .known(false):
            checks.append(
                Diagnostic(
                    .permissions, .note, "not root: VF counts and files at boot can't be changed",
                    hints: ["run it as root"]))
        case .absent: break
        case .unknown(let reason): checks.append(.unknown(.permissions, reason))
        }
        return checks
    }
}
