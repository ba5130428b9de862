package import SRIOV
import Text

/// What a card, as it is set up, has no pool for.
package enum CardLimits {
    /// - Throws: `not-ethernet`, `not-sriov-capable`, `not-network-device`.
    package static func check(_ port: PhysicalFunction) throws(Failure) {
        try checkCard(port)
        try checkNetdev(port)
    }

    /// The card alone, whatever driver it has now.
    ///
    /// - Throws: `not-ethernet`, `not-sriov-capable`.
    package static func checkCard(_ port: PhysicalFunction) throws(Failure) {
        try checkEthernet(port)
        try checkFirmware(port)
    }

    /// - Throws: `not-network-device`.
    package static func checkNetdev(_ port: PhysicalFunction) throws(Failure) {
        guard let lack = PFWithoutNetdev(port) else { return }
        throw Failure(
            .notNetworkDevice, "PF \(port.address) has no netdev, without which its VFs can't be in a pool",
            cause: "it \(lack.reason)", hints: [lack.hint])
    }

    /// - Throws: `not-ethernet`.
    package static func checkEthernet(_ port: PhysicalFunction?) throws(Failure) {
        guard let port, port.isInfiniBand else { return }
        throw Failure(
            .notEthernet, "\(port.title) is an InfiniBand PF: its VFs can't be in a pool",
            cause:
                "libvirt gives a guest's VF the guest's MAC, and an InfiniBand VF can't be given one: no guest would start",
            hints: ["leave its VFs to guests as plain hostdevs, or make it an Ethernet PF"] + ethernetHint(port))
    }

    private static func ethernetHint(_ port: PhysicalFunction) -> [Hint] {
        guard port.driver?.hasPrefix(bytes: "mlx") ?? false else { return [] }
        return [
            "where the card can be both: `mlxconfig -d \(shell: port.address) set LINK_TYPE_P1=2` (2 is Ethernet; P2 for its second port), and reboot"
        ]
    }

    /// - Throws: `not-sriov-capable`, where the card's firmware leaves it no VF.
    package static func checkFirmware(_ port: PhysicalFunction) throws(Failure) {
        guard port.possibleVFs == 0 else { return }
        throw Failure(
            .notCapable, "\(port.title) can have no VFs: the card's firmware has SR-IOV off",
            cause: "its sriov_totalvfs is 0", hints: firmwareHints(driver: port.driver, address: port.address))
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
