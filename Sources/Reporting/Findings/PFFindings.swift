import Model
import SRIOV
import Text

/// What is to be said of PFs: down, given to a guest as a whole, or split into functions that no pool hands out.
enum PFFindings {
    /// A guest that takes a PF away from the host takes its functions, too.
    static func pinned(_ state: State) -> [Finding] {
        guard !state.pfs.isEmpty else { return [] }
        return state.guests.sorted { $0.name < $1.name }.flatMap { guest in
            state.pfs(heldWholeBy: guest).map { pf in
                Finding(
                    .pfPinned,
                    "guest \(guest.name) has the PF \(pf.title) (\(pf.address)) itself: when it starts, all VFs of the PF are gone",
                    hints: ["give it a VF instead: `virsh edit \(shell: guest.word)`"],
                    pools: state.pools(of: pf).map(\.name), guests: [guest.name], pfs: [pf.address.description])
            }
        }
    }

    /// Why a PF has no VFs, where that is for good; said to who asks for it.
    static func incapable(_ pfs: [PFReport]) -> [Finding] {
        pfs.compactMap { pf in
            guard pf.possibleVFs.value == 0, let address = PCIAddress(pf.address) else { return nil }
            return Finding(
                .notCapable, "\(pf.title) can have no VFs: the card's firmware has SR-IOV off",
                hints: CardLimits.firmwareHints(driver: pf.driver.value, address: address), pfs: [pf.address],
                severity: .note)
        }
    }

    /// - Parameter several: names of pools that have other PFs, too.
    static func all(_ pfs: [PFReport], several: Set<Name>) -> [Finding] {
        pfs.flatMap { pf -> [Finding] in
            var findings: [Finding] = []
            if pf.isInfiniBand, pf.enabledVFs > 0 {
                findings.append(
                    Finding(
                        .notEthernet,
                        "\(pf.title) is an InfiniBand PF, whose VFs can't be in a pool: libvirt can't give one a guest's MAC",
                        pools: pf.pools, pfs: [pf.address], severity: pf.pools.isEmpty ? .note : .warning))
            } else if pf.pools.isEmpty, pf.enabledVFs > 0 {
                let lack = PCIAddress(pf.address).flatMap {
                    PFWithoutNetdev(
                        title: pf.title, netdev: pf.netdev, address: $0, driver: pf.driver.value)
                }
                findings.append(
                    Finding(
                        .noPool,
                        "\(pf.title) has \(Words.count(pf.enabledVFs, "VF")) and no pool"
                            + (lack.map { ": it \($0.reason)" } ?? ""),
                        hints: [lack?.hint ?? "make one: `vfpool create \(shell: pf.title)`"],
                        pfs: [pf.address],
                        severity: .note,
                        fold: lack != nil
                            ? nil
                            : Fold(
                                "PF", pf.title, "have VFs and no pool",
                                hints: ["make one of each: `vfpool create PF`"])))
            }
            if !pf.pools.isEmpty, pf.isUp.value == false {
                findings.append(
                    Finding(
                        .pfDown,
                        "\(pf.title) is down: libvirt can't set up its VFs, and no guest \(several.isSuperset(of: pf.pools) ? "that is given one" : "of its pools") can start",
                        hints: ["bring it up: `ip link set dev \(shell: pf.title) up`"], pools: pf.pools,
                        pfs: [pf.address],
                        fold: Fold(
                            "PF", pf.title,
                            "are down: libvirt can't set up their VFs, and no guest of their pools can start",
                            hints: ["bring each up: `ip link set dev PF up`"])))
            }
            return findings
        }
    }
}
