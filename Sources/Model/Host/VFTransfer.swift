package import SRIOV
package import Text

/// Whether a guest that moves while it runs takes along what is inside its VF: by the VF's VFIO driver and, where the card has a
/// switch for that, by the card.
package struct VFTransfer: Sendable, Equatable {
    package enum Answer: Sendable, Hashable {
        /// By this driver.
        case possible(Name)
        /// Why not.
        case refused(Name)
        /// Why it can't be told.
        case unknown(Name)
    }

    package let answer: Answer
    /// What would mend it.
    package let hints: [Hint]

    private init(_ answer: Answer, _ hints: [Hint] = []) {
        self.answer = answer
        self.hints = hints
    }

    package static func unknown(_ reason: String) -> VFTransfer { VFTransfer(.unknown(Name(reason))) }

    /// Drivers of cards that have the switch (devlink's `migratable`), which is off at first.
    private static let withSwitch: Set<Name> = ["mlx5_vfio_pci"]

    /// - Parameters:
    ///   - migration: what is known of the VF.
    ///   - driver: the VFIO driver that a guest has it by; nil where that can't be told.
    init(_ function: VirtualFunction, _ migration: VFMigration, driver: String?) {
        guard let driver = driver.map({ Name($0) }) else {
            self = .unknown("which VFIO driver guests get it by")
            return
        }
        // vfio-pci itself has nothing of a card's inside.
        guard driver != "vfio-pci" else {
            self.init(.refused("VFIO driver vfio-pci can't transfer the state of a VF"), Self.hints(migration))
            return
        }
        let offered = function.driver.map { Name($0) } == driver ? migration.isOffered : nil
        if offered == false {
            self.init(
                .refused("VFIO driver \(driver) can't transfer the state of a VF of this card, the kernel says")
            )
        } else if migration.isAllowed == false {
            self.init(
                .refused("the card does not transfer the state of a VF: devlink has `migratable` off"),
                Self.switchHints(migration))
        } else if migration.isAllowed == true, offered == true || Self.withSwitch.contains(driver) {
            self.init(.possible(driver))
        } else if offered == true, !Self.withSwitch.contains(driver) {
            self.init(.possible(driver))
        } else if Self.withSwitch.contains(driver) {
            self = .unknown(
                "whether its driver \(driver) can transfer its state: devlink tells that (`migratable`) only in switchdev mode"
            )
        } else {
            self = .unknown(
                "whether its driver \(driver) can transfer its state: the kernel tells that only of a VF bound to it, from Linux 6.8 on, where it has debugfs"
            )
        }
    }

    private static func hints(_ migration: VFMigration) -> [Hint] {
        guard let best = migration.bestDriver, Name(best) != "vfio-pci" else { return [] }
        return [
            "the kernel has \(text: best) for this card: libvirt 10.0 or later gives guests their VFs by it where the pool names no other driver"
        ]
    }

    private static func switchHints(_ migration: VFMigration) -> [Hint] {
        guard let pf = migration.port else { return [] }
        return [
            "turn it on, VF by VF, while no guest has it: `devlink port function set \(shell: pf) migratable enable`"
        ]
    }

    // MARK: Of a pool

    /// What is known of each of a pool's VFs.
    package static func all(
        of pool: NetworkState, _ state: State, _ known: Fact<[PCIAddress: VFMigration]>
    ) -> [(function: VirtualFunction, transfer: VFTransfer)] {
        state.coverage(of: pool).map { function in
            (function, of(function, driver: state.driver(of: function, in: pool, known), known))
        }
    }

    package static func of(
        _ function: VirtualFunction, driver: String?, _ known: Fact<[PCIAddress: VFMigration]>
    ) -> VFTransfer {
        let transfer = VFTransfer(function, known.value?[function.address] ?? VFMigration(), driver: driver)
        guard case .unknown = transfer.answer, let reason = known.reason else { return transfer }
        return .unknown(reason)
    }
}

extension State {
    /// The VFIO driver by which libvirt will give a VF to a guest of a pool, or to one that has it fixed; nil where that can't be
    /// told.
    package func driver(
        of function: VirtualFunction, in pool: NetworkState?, _ known: Fact<[PCIAddress: VFMigration]>
    ) -> String? {
        if let model = pool?.settings.driverModel { return model }
        if let configuration = pool?.configuration, !configuration.isManagedByLibvirt {
            return function.isBoundToVFIO ? function.driver : nil
        }
        guard let version = libvirtVersion else { return nil }
        if VersionGate.driverModel.isLacking(version) { return "vfio-pci" }
        return known.value?[function.address]?.bestDriver
    }
}
