import Model
import SRIOV

/// What can be said of wanted settings before a guest starts with them.
enum SettingsChecks {
    /// Of any of a pool's PFs: a guest may get a VF of each.
    ///
    /// - Parameters:
    ///   - wish: what was asked for.
    ///   - effective: what comes of it, with what is more general.
    ///   - subject: what it is wanted of, as `pool vfpool-eth3`.
    /// - Returns: notes on what can't be known yet.
    /// - Throws: `bad-settings`, `setting-refused`.
    static func check(
        _ wish: SettingsWish, _ effective: WantedSettings, _ pfs: [PhysicalFunction], _ state: State, subject: String
    ) throws(Failure) -> [Note] {
        guard pfs.count > 1 else { return try check(wish, effective, pfs.first, state, subject) }
        var notes: [Note] = []
        for pf in pfs { notes += try check(wish, effective, pf, state, subject) }
        return notes
    }

    private static func check(
        _ wish: SettingsWish, _ effective: WantedSettings, _ pf: PhysicalFunction?, _ state: State, _ subject: String
    ) throws(Failure) -> [Note] {
        if let lowest = effective.minRate, let highest = effective.maxRate, highest > 0, lowest > highest {
            throw Failure(
                .badSettings, "\(subject) would be promised \(lowest) Mbit/s and held to \(highest)",
                hints: ["make --max-rate at least as high as --min-rate; `--min-rate default` takes the promise away"])
        }
        let new = wish.change.wanted
        guard !new.isEmpty else { return [] }
        guard let pf else {
            return ["whether the driver takes \(new.summary) can't be told: the PF of \(subject) is not there"]
        }
        try checkKernel(new, pf, subject)
        guard state.isLocal else {
            return ["whether the driver of \(pf.title) takes \(new.summary) can't be told from here"]
        }
        guard let trial = wish.trial else {
            return ["whether the driver of \(pf.title) takes \(new.summary) is tried when this is done"]
        }
        let answer = try trial(pf, new, state)
        if let name = WantedSettings.Name.allCases.first(where: { answer.refused[$0] != nil }) {
            throw refused(name, new, pf, subject, answer.refused[name])
        }
        guard answer.isUnknown else { return [] }
        return [
            "whether the driver of \(pf.title) takes \(new.summary) can't be told: no VF is free to try it on"
        ]
    }

    /// A driver that has no notion of trust or spoof check leaves them out of its VF table.
    private static func checkKernel(
        _ wanted: WantedSettings, _ pf: PhysicalFunction, _ subject: String
    ) throws(Failure) {
        let rows = pf.functions.compactMap(\.settings)
        guard !rows.isEmpty else { return }
        for name in [WantedSettings.Name.trust, .spoofCheck]
        where wanted[name] != nil && rows.allSatisfy({ $0[name] == nil }) {
            throw refused(name, wanted, pf, subject, "its VF table has no such column")
        }
    }

    private static func refused(
        _ name: WantedSettings.Name, _ wanted: WantedSettings, _ pf: PhysicalFunction, _ subject: String,
        _ cause: String?
    ) -> Failure {
        let driver = pf.driver.map { ", \($0)," } ?? ""
        let option = "--\(name.rawValue)"
        return Failure(
            .settingRefused,
            "the driver of \(pf.title)\(driver) does not take \(name.rawValue) \(wanted[name] ?? "")",
            cause: cause,
            hints: ["leave out \(text: option) for \(text: subject): no guest could start with it"]
                + (name == .maxRate || name == .minRate
                    ? ["some drivers take rates only below the PF's speed, and while its link is up"] : []))
    }

    /// Nothing applies them without the hook.
    ///
    /// - Parameter PFs: of whose VFs they are wanted.
    static func warnings(_ wish: SettingsWish, _ pfs: [PhysicalFunction]) -> [Warning] {
        guard !wish.change.wanted.isEmpty else { return [] }
        return hook(wish)
            + (wish.change.wanted.isThroughSwitch ? pfs.flatMap { SwitchMode.warnings($0, vlans: []) } : [])
    }

    /// The same of pools.
    static func warnings(_ wish: SettingsWish, of pools: [NetworkState], _ state: State) -> [Warning] {
        var pfs: [PhysicalFunction] = []
        for pf in pools.flatMap(state.pfs(of:)) where !pfs.contains(where: { $0.address == pf.address }) {
            pfs.append(pf)
        }
        return warnings(wish, pfs)
    }

    private static func hook(_ wish: SettingsWish) -> [Warning] {
        switch wish.hookIsInstalled {
        case true?: return []
        case false?:
            return [
                Warning(
                    .noHook, "VF settings have no effect before vfpool's hook is installed",
                    hints: ["install it: `vfpool hook install`"])
            ]
        case nil:
            return [
                Warning(
                    .noHook, "VF settings need vfpool's hook on the host, which can't be seen from here",
                    hints: ["look there: `vfpool hook status`"])
            ]
        }
    }
}
