package import SRIOV
import Text

/// What a card, as it is set up, has no pool for.
package enum CardLimits {
    /// - Throws: `not-ethernet`, `not-sriov-capable`, `not-network-device`.
    package static func check(_ pf: PhysicalFunction) throws(Failure) {
        try checkCard(pf)
        try checkNetdev(pf)
    }

    /// The card alone, whatever driver it has now.
    ///
    /// - Throws: `not-ethernet`, `not-sriov-capable`.
    package static func checkCard(_ pf: PhysicalFunction) throws(Failure) {
        try checkEthernet(pf)
        try checkFirmware(pf)
    }

    /// - Throws: `not-network-device`.
    package static func checkNetdev(_ pf: PhysicalFunction) throws(Failure) {
        guard let lack = PFWithoutNetdev(pf) else { return }
        throw Failure(
            .notNetworkDevice, "PF \(pf.address) has no netdev, without which its VFs can't be in a pool",
            cause: "it \(lack.reason)", hints: [lack.hint])
    }

    /// - Throws: `not-ethernet`.
    package static func checkEthernet(_ pf: PhysicalFunction?) throws(Failure) {
        guard let pf, pf.isInfiniBand else { return }
        throw Failure(
            .notEthernet, "\(pf.title) is an InfiniBand PF: its VFs can't be in a pool",
            cause:
                "libvirt gives a guest's VF the guest's MAC, and an InfiniBand VF can't be given one: no guest would start",
            hints: ["leave its VFs to guests as plain hostdevs, or make it an Ethernet PF"] + ethernetHint(pf))
    }

    private static func ethernetHint(_ pf: PhysicalFunction) -> [Hint] {
        guard pf.driver?.hasPrefix(bytes: "mlx") ?? false else { return [] }
        return [
            "where the card can be both: `mlxconfig -d \(shell: pf.address) set LINK_TYPE_P1=2` (2 is Ethernet; P2 for its second port), and reboot"
        ]
    }

    /// - Throws: `not-sriov-capable`, where the card's firmware leaves it no VF.
    package static func checkFirmware(_ pf: PhysicalFunction) throws(Failure) {
        guard pf.possibleVFs == 0 else { return }
        throw Failure(
            .notCapable, "\(pf.title) can have no VFs: the card's firmware has SR-IOV off",
            cause: "its sriov_totalvfs is 0", hints: firmwareHints(driver: pf.driver, address: pf.address))
    }

    /// How SR-IOV is turned on in the card itself, which each maker has a tool of its own for.
    package static func firmwareHints(driver: String?, address: PCIAddress) -> [Hint] {
        let setup: Hint =
            "in the mainboard's setup (Device Settings) the card has a page of its own: turn SR-IOV on there, then reboot"
        guard let driver else { return [setup] }
        let tool: Hint? =
            if driver.hasPrefix(bytes: "mlx") {
                "or with the maker's tool: `mlxconfig -d \(shell: address) set SRIOV_EN=1 NUM_OF_VFS=8`, then reboot"
            } else if driver.hasPrefix(bytes: "bnx") {
                "or with the maker's tool: niccli, option enable_sriov; then reboot"
            } else if driver.hasPrefix(bytes: "sfc") {
                "or with the maker's tool: sfboot, with switch-mode=sriov and vf-count; then reboot"
            } else {
                nil
            }
        return [setup] + [tool].compactMap(\.self)
    }
}
