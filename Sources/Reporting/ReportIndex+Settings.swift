package import Model
import SRIOV
import Text

/// What is wanted of VFs, and what they have.
extension ReportIndex {
    /// What the guest that has a function through a pool wants of it; nothing for any other function.
    func wanted(_ claim: Claim?) -> WantedSettings {
        guard let claim, case .pool(let name) = claim.kind, let mac = claim.mac,
            let interface = guest(uuid: claim.guestUUID)?.interfaces.first(where: {
                $0.mac == mac && !$0.isPersistentHalf && $0.attachment.networkName == name
            })
        else { return WantedSettings() }
        return state.wanted(interface)
    }

    /// By the PF's VF table.
    func actual(_ address: PCIAddress) -> Fact<WantedSettings> {
        guard let function = place(address)?.function else { return .unknown("the host has no such VF now") }
        guard let settings = function.settings else {
            return .unknown(state.isLocal ? "the PF's VF table can't be read" : Self.remote)
        }
        return .known(WantedSettings(settings, only: WantedSettings.Name.allCases))
    }
}

extension FunctionReport {
    /// Settings that are wanted and that it has otherwise. A tag's are not, where there is no VLAN to have one.
    package var differing: [WantedSettings.Name] {
        guard let actual = actualSettings.value else { return [] }
        return wantedSettings.names.filter { name in
            wantedSettings[name] != actual[name] && (!name.isOfTag || vlan.value != nil)
        }
    }

    /// `trust on, max-rate 1000 (is 0)`; nil where nothing is wanted.
    package var settingsSummary: String? {
        guard !wantedSettings.isEmpty else { return nil }
        let differing = Set(differing)
        return wantedSettings.names.map { name in
            let actual = differing.contains(name) ? " (is \(actualSettings.value?[name] ?? "unknown"))" : ""
            return "\(name.rawValue) \(wantedSettings[name] ?? "")\(actual)"
        }.joined(separator: ", ")
    }
}

/// What is to be said of VFs that have other settings than are wanted.
enum SettingsFindings {
    static func all(_ pfs: [PFReport]) -> [Diagnostic] {
        pfs.flatMap { pf in
            pf.functions.filter { !$0.differing.isEmpty }.map { function in
                let words = function.differing.map { name in
                    "\(name.rawValue) \(function.actualSettings.value?[name] ?? "unknown")"
                        + " instead of \(function.wantedSettings[name] ?? "")"
                }
                let guest = function.guest ?? ""
                return Diagnostic(
                    .settingsDiffer,
                    "VF \(function.index.map(String.init) ?? function.address) of \(pf.title), which guest \(guest) has, has \(Words.list(words))",
                    hints: [
                        "if that was configured after it started: shut guest \(text: guest) down, and start it again",
                        "else see whether libvirt runs the hook: `vfpool hook status`",
                    ], pools: function.pools, guests: [guest], pfs: [pf.address], vfs: [function.address],
                    fold: Fold(
                        "VF",
                        "VF \(function.index.map(String.init) ?? function.address) of \(pf.title) (guest \(guest))",
                        "have other settings than configured",
                        hints: [
                            "if they were configured after the guests started: shut them down, and start them again",
                            "else see whether libvirt runs the hook: `vfpool hook status`",
                        ]))
            }
        }
    }
}
