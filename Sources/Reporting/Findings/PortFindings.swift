import Model
import SRIOV
import Text

/// What is to be said of ports: down, given to a guest as a whole, or split into functions that no pool hands out.
enum PortFindings {
    /// A guest that takes a port away from the host takes its functions, too.
    static func pinned(_ state: State) -> [Finding] {
        guard !state.ports.isEmpty else { return [] }
        return state.guests.sorted { $0.name < $1.name }.flatMap { guest in
            state.ports(heldWholeBy: guest).map { port in
                Finding(
                    .portPinned,
                    "guest \(guest.name) has the PF \(port.title) (\(port.address)) itself: when it starts, all VFs of the PF are gone",
                    hints: ["give it a VF instead: `virsh edit \(shell: guest.word)`"],
                    pools: state.pools(of: port).map(\.name), guests: [guest.name], ports: [port.address.description])
            }
        }
    }

    /// Why a PF has no VFs, where that is for good; said to who asks for it.
    static func incapable(_ ports: [PortReport]) -> [Finding] {
        ports.compactMap { port in
            guard port.possibleVFs.value == 0, let address = PCIAddress(port.address) else { return nil }
            return Finding(
                .notCapable, "\(port.title) can have no VFs: the card's firmware has SR-IOV off",
                hints: CardLimits.firmwareHints(driver: port.driver.value, address: address), ports: [port.address],
                severity: .note)
        }
    }

    /// - Parameter several: names of pools that have other PFs, too.
    static func all(_ ports: [PortReport], several: Set<Name>) -> [Finding] {
        ports.flatMap { port -> [Finding] in
            var findings: [Finding] = []
            if port.isInfiniBand, port.enabledVFs > 0 {
                findings.append(
                    Finding(
                        .notEthernet,
                        "\(port.title) is an InfiniBand PF, whose VFs can't be in a pool: libvirt can't give one a guest's MAC",
                        pools: port.pools, ports: [port.address], severity: port.pools.isEmpty ? .note : .warning))
            } else if port.pools.isEmpty, port.enabledVFs > 0 {
                let lack = PCIAddress(port.address).flatMap {
                    PFWithoutNetdev(
                        title: port.title, netdev: port.netdev, address: $0, driver: port.driver.value)
                }
                findings.append(
                    Finding(
                        .noPool,
                        "\(port.title) has \(Words.count(port.enabledVFs, "VF")) and no pool"
                            + (lack.map { ": it \($0.reason)" } ?? ""),
                        hints: [lack?.hint ?? "make one: `vfpool create \(shell: port.title)`"],
                        ports: [port.address],
                        severity: .note,
                        fold: lack != nil
                            ? nil
                            : Fold(
                                "PF", port.title, "have VFs and no pool",
                                hints: ["make one of each: `vfpool create PF`"])))
            }
            if !port.pools.isEmpty, port.isUp.value == false {
                findings.append(
                    Finding(
                        .portDown,
                        "\(port.title) is down: libvirt can't set up its VFs, and no guest \(several.isSuperset(of: port.pools) ? "that is given one" : "of its pools") can start",
                        hints: ["bring it up: `ip link set dev \(shell: port.title) up`"], pools: port.pools,
                        ports: [port.address],
                        fold: Fold(
                            "PF", port.title,
                            "are down: libvirt can't set up their VFs, and no guest of their pools can start",
                            hints: ["bring each up: `ip link set dev PF up`"])))
            }
            return findings
        }
    }
}
