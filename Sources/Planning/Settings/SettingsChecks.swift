import Model
import SRIOV
import Text

/// What can be said of wanted settings before a guest starts with them.
enum SettingsChecks {
    /// What is to be said of them, and what is to be asked of drivers first.
    struct Answer {
        var notes: [Note] = []
        var trials: [SettingsTrial] = []
    }

    /// Of any of a pool's PFs: a guest may get a VF of each.
    ///
    /// - Parameters:
    ///   - request: what was asked for.
    ///   - effective: what comes of it, with what is more general.
    ///   - subject: what it is wanted of, as `pool vfpool-eth3`.
    /// - Throws: `bad-settings`, `setting-refused`.
    static func check(
        _ request: SettingsRequest, _ effective: WantedSettings, _ pfs: [PhysicalFunction], _ state: State,
        subject: String
    ) throws(Failure) -> Answer {
        if let lowest = effective.minRate, let highest = effective.maxRate, highest > 0, lowest > highest {
            throw Failure(
                .badSettings, "\(subject) would get at least \(lowest) Mbit/s and at most \(highest)",
                hints: [
                    ("make --max-rate at least as high as --min-rate; `--min-rate default` removes the minimum rate"
                        as Hint)
                        .inSpec("make maxRate at least as high as minRate; minRate: null removes the minimum rate")
                ])
        }
        let new = request.change.wanted
        guard !new.isEmpty else { return Answer() }
        guard !pfs.isEmpty else {
            return Answer(notes: [
                "it is not known whether the driver supports \(new.summary): the PF of \(subject) is not there"
            ])
        }
        var answer = Answer()
        for pf in pfs {
            try checkKernel(new, pf, subject)
            let (note, trial) = trial(new, pf, subject, state)
            answer.notes.append(note)
            if let trial { answer.trials.append(trial) }
        }
        return answer
    }

    private static func trial(
        _ new: WantedSettings, _ pf: PhysicalFunction, _ subject: String, _ state: State
    ) -> (Note, SettingsTrial?) {
        guard state.isLocal else { return (Note("\(question(new, pf.title)) can't be checked from here"), nil) }
        guard let trial = SettingsTrial(pf, new, subject: subject, in: state) else {
            return (untried(new, pf.title), nil)
        }
        return (tried(trial), trial)
    }

    private static func question(_ wanted: WantedSettings, _ pf: Name) -> String {
        "whether the driver of \(pf) supports \(wanted.summary)"
    }

    static func tried(_ trial: SettingsTrial) -> Note {
        Note(
            "\(question(trial.wanted, trial.pf.title)) is tried first, on VF \(trial.function.index), which is free")
    }

    static func untried(_ wanted: WantedSettings, _ pf: Name) -> Note {
        Note("it is not known \(question(wanted, pf)): no VF is free to try it on")
    }

    /// A driver that has no notion of trust or spoof check leaves them out of its VF table.
    private static func checkKernel(
        _ wanted: WantedSettings, _ pf: PhysicalFunction, _ subject: String
    ) throws(Failure) {
        let rows = pf.functions.compactMap(\.settings)
        guard !rows.isEmpty else { return }
        for name in [WantedSettings.Name.trust, .spoofCheck]
        where wanted[name] != nil && rows.allSatisfy({ $0[name] == nil }) {
            throw Failure.refused(
                name, wanted, byDriver: pf.driver, of: pf.title, for: subject, cause: "its VF table has no such column")
        }
    }

    /// Nothing applies them without the hook.
    ///
    /// - Parameter pfs: of whose VFs they are wanted.
    static func warnings(_ request: SettingsRequest, _ pfs: [PhysicalFunction]) -> [Diagnostic] {
        guard !request.change.wanted.isEmpty else { return [] }
        return hook(request)
            + (request.change.wanted.isThroughSwitch ? pfs.flatMap { SwitchMode.warnings($0, vlans: []) } : [])
    }

    /// The same of pools.
    static func warnings(_ request: SettingsRequest, of pools: [NetworkState], _ state: State) -> [Diagnostic] {
        var pfs: [PhysicalFunction] = []
        for pf in pools.flatMap(state.pfs(of:)) where !pfs.contains(where: { $0.address == pf.address }) {
            pfs.append(pf)
        }
        return warnings(request, pfs)
    }

    private static func hook(_ request: SettingsRequest) -> [Diagnostic] {
        switch request.hookIsInstalled {
        case true?: return []
        case false?:
            return [
                Diagnostic(
                    .noHook, "VF settings have no effect before vfpool's hook is installed",
                    hints: ["install it: `vfpool hook install`"])
            ]
        case nil:
            return [
                Diagnostic(
                    .noHook, "VF settings need vfpool's hook on the host, which can't be seen from here",
                    hints: ["look there: `vfpool hook status`"])
            ]
        }
    }
}
