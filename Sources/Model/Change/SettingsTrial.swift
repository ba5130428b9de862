package import SRIOV
package import Text

/// What is asked of a PF's driver before anything is changed: whether it takes settings, tried on a VF that nobody has.
package struct SettingsTrial: Sendable, Equatable {
    /// The PF that is asked, as far as its driver needs it.
    package struct PF: Sendable, Equatable {
        package let title: Name
        package let netdev: Name
        package let driver: String?
    }

    /// The VF that nobody has.
    package struct Function: Sendable, Equatable {
        package let index: Int
        package let address: PCIAddress
    }

    package let pf: PF
    package let function: Function
    package let wanted: WantedSettings
    /// What they are wanted of, as `pool vfpool-eth3`.
    @Bytewise package private(set) var subject: String

    /// Nil where there is no such VF, or the PF has no netdev.
    package init?(_ pf: PhysicalFunction, _ wanted: WantedSettings, subject: String, in state: State) {
        guard let netdev = pf.netdev, let function = Self.free(pf, state) else { return nil }
        self.init(
            PF(title: pf.title, netdev: netdev, driver: pf.driver),
            Function(index: function.index, address: function.address), wanted, subject: subject)
    }

    package init(_ pf: PF, _ function: Function, _ wanted: WantedSettings, subject: String) {
        self.pf = pf
        self.function = function
        self.wanted = wanted
        self.subject = subject
    }

    /// The last one that nobody has: libvirt's allocator takes the first.
    private static func free(_ pf: PhysicalFunction, _ state: State) -> VirtualFunction? {
        let claims = state.claims
        return pf.functions.last { function in
            claims[function.address].isEmpty && function.hostUses.isEmpty && !state.unseen.contains(function.address)
        }
    }

    /// - Throws: `setting-refused`.
    package func check(_ answer: DriverAnswer) throws(Failure) {
        guard let name = WantedSettings.Name.allCases.first(where: { answer.refused[$0] != nil }) else { return }
        throw Failure.refused(
            name, wanted, byDriver: pf.driver, of: pf.title, for: subject, cause: answer.refused[name])
    }
}

/// What a PF's driver said to settings that were tried on one of its VFs.
package struct DriverAnswer: Sendable, Equatable {
    /// In the driver's words, by the settings that it does not take.
    package var refused: [WantedSettings.Name: String]
    /// They could not be tried.
    package var isUnknown: Bool

    package init(refused: [WantedSettings.Name: String] = [:], isUnknown: Bool = false) {
        self.refused = refused
        self.isUnknown = isUnknown
    }
}

extension Failure {
    /// A driver does not take a setting: no guest could start with it.
    package static func refused(
        _ name: WantedSettings.Name, _ wanted: WantedSettings, byDriver driver: String?, of pf: Name,
        for subject: String,
        cause: String?
    ) -> Failure {
        let driver = driver.map { ", \($0)," } ?? ""
        let option = "--\(name.rawValue)"
        return Failure(
            .settingRefused, "the driver of \(pf)\(driver) does not support \(name.rawValue) \(wanted[name] ?? "")",
            cause: cause,
            hints: ["leave out \(text: option) for \(text: subject): no guest could start with it"]
                + (name == .maxRate || name == .minRate
                    ? ["some drivers accept rates only below the PF's speed, and only while its link is up"] : []))
    }
}
