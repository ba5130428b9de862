import Glibc
import Journal
import Model
import SRIOV
import Text

extension SettingsTrial {
    /// Tells the driver so of the VF, and puts back what that had.
    ///
    /// There is no other way: a driver says of few things in advance whether it can, and of no value whether it may be.
    /// - Throws: `setting-refused` when the VF could not be put back.
    func run(_ records: FunctionRecords) throws(Failure) -> DriverAnswer {
        guard let table = try? VFTable(pf: pf.netdev), let former = try? table.settings(of: function.index)
        else { return DriverAnswer(isUnknown: true) }
        // Killed meanwhile, the next guest's hook puts it back.
        let record = FunctionRecord(
            guestName: "vfpool", guestUUID: "", wanted: WantedSettings(),
            former: WantedSettings(former, only: wanted.withoutTag.names))
        try? records.write(record, of: function.address)
        defer { if (try? records.record(of: function.address)) == record { records.remove(function.address) } }
        var answer = DriverAnswer()
        for step in wanted.steps(now: former, vlan: former.vlan ?? 1) {
            do throws(VFTableError) {
                try table.apply(step.change, to: function.index)
                let now = try table.settings(of: function.index)
                for name in step.names where now[name] != wanted[name] {
                    answer.refused[name] = "it accepted the setting, but the VF has \(now[name] ?? "nothing")"
                }
            } catch {
                switch error.kind {
                case .notSupported, .invalid: for name in step.names { answer.refused[name] = error.message }
                case .notPermitted, .busy, .missing, .other: answer.isUnknown = true
                }
            }
            // Somebody's by now: then his hook has seen to it.
            if let now = try? records.record(of: function.address), now != record {
                return DriverAnswer(isUnknown: true)
            }
            try putBack(step, former, table)
        }
        // Both rates are one message: which of them it was is told by trying one alone.
        if answer.refused[.maxRate] != nil, answer.refused[.minRate] != nil, wanted.minRate != 0 {
            let alone = try SettingsTrial(pf, function, wanted.without([.minRate]), subject: subject).run(records)
            answer.refused[.maxRate] = alone.refused[.maxRate]
        }
        return answer
    }

    private func putBack(_ step: SettingsStep, _ former: VFSettings, _ table: VFTable) throws(Failure) {
        do throws(VFTableError) {
            let now = try table.settings(of: function.index)
            guard step.names.contains(where: { now[$0] != former[$0] }) || now.vlan != former.vlan else { return }
            for back in WantedSettings(former, only: step.names).steps(now: now, vlan: former.vlan ?? 0) {
                try table.apply(back.change, to: function.index)
            }
        } catch {
            throw Failure(
                .settingRefused, "VF \(function.index) of \(table.pf), on which it was tried, could not be put back",
                cause: error.message, hints: ["look at it: `ip link show dev \(shell: table.pf)`"])
        }
    }
}
