import Model
import SRIOV

extension Plan {
    /// With every trial on a VF that nobody has before the first step, for that is when drivers are asked: what a step of the plan makes
    /// or frees can't be tried on.
    func tryingOnly(in state: State) -> Plan {
        var plan = self
        for (index, item) in items.enumerated() {
            plan.items[index].trials = item.trials.compactMap { trial in
                let now = state.pfs.first { $0.title == trial.pf.title }.flatMap { pf in
                    SettingsTrial(pf, trial.wanted, subject: trial.subject, in: state)
                }
                guard now != trial else { return trial }
                let note = now.map(SettingsChecks.tried) ?? SettingsChecks.untried(trial.wanted, trial.pf.title)
                for place in plan.notes.indices where plan.notes[place] == SettingsChecks.tried(trial) {
                    plan.notes[place] = note
                }
                return now
            }
        }
        return plan
    }
}
