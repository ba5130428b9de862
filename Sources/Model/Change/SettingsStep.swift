package import SRIOV

/// One thing that a PF's driver has to be told, and which settings it is about: the kernel takes some together.
package struct SettingsStep: Sendable, Equatable {
    package var names: [WantedSettings.Name]
    package var change: VFChange
}

extension WantedSettings {
    /// What has to be told so that a VF has these settings; nothing of what it has already, for some drivers reset a VF
    /// that is told anything.
    ///
    /// - Parameter vlan: the VLAN that goes with a priority or protocol; without one they mean nothing.
    package func steps(now: VFSettings, vlan: Int?) -> [SettingsStep] {
        var steps: [SettingsStep] = []
        func add(_ names: [Name], _ change: VFChange) {
            let said = names.filter { self[$0] != nil }
            if said.contains(where: { self[$0] != now[$0] }) { steps.append(SettingsStep(names: said, change: change)) }
        }
        if let trust { add([.trust], .trust(trust)) }
        if let spoofCheck { add([.spoofCheck], .spoofCheck(spoofCheck)) }
        add([.maxRate, .minRate], .rate(min: minRate ?? now.minRate ?? 0, max: maxRate ?? now.maxRate ?? 0))
        if let linkState { add([.linkState], .linkState(linkState)) }
        if let vlan {
            add(
                [.vlanQoS, .vlanProtocol],
                .vlan(vlan, qos: vlanQoS ?? now.qos ?? 0, vlanProtocol ?? now.vlanProtocol))
        }
        return steps
    }

    /// What a VF has of some settings, as what is to be had again.
    package init(_ settings: VFSettings, only names: [Name]) {
        self.init()
        for name in names { self[name] = settings[name] }
    }

    /// Without a word about these.
    package func without(_ names: [Name]) -> WantedSettings {
        var rest = self
        for name in names { rest[name] = nil }
        return rest
    }
}

extension WantedSettings.Name {
    /// Part of a VLAN's tag, which libvirt sets and puts back itself.
    package var isOfTag: Bool { self == .vlanQoS || self == .vlanProtocol }
}

extension WantedSettings {
    package var withoutTag: WantedSettings { without(Name.allCases.filter(\.isOfTag)) }
}
