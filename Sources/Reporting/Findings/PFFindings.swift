import Model
import SRIOV
import Text

/// What is to be said of PFs: down, given to a guest as a whole, or split into functions that no pool hands out.
enum PFFindings {
    /// A guest that takes a PF away from the host takes its functions, too.
    static func pinned(_ state: State) -> [Diagnostic] {
        guard !state.pfs.isEmpty else { return [] }
        return state.guests.sorted { $0.name < $1.name }.flatMap { guest in
            state.pfs(heldWholeBy: guest).map { .pfPinned($0, by: guest, state) }
        }
    }

    /// Why a PF has no VFs, where that is for good; said to who asks for it.
    static func incapable(_ pfs: [PFReport]) -> [Diagnostic] {
        pfs.compactMap { pf in
            guard pf.possibleVFs.value == 0, let address = PCIAddress(pf.address) else { return nil }
            return Diagnostic(
                .notCapable, .note, "\(pf.title) can have no VFs: the card's firmware has SR-IOV off",
                hints: CardLimits.firmwareHints(driver: pf.driver.value, address: address), pfs: [pf.address])
        }
    }

    static func all(_ pfs: [PFReport]) -> [Diagnostic] {
        pfs.flatMap { pf -> [Diagnostic] in
            var findings: [Diagnostic] = []
            if pf.isInfiniBand, pf.enabledVFs > 0 {
                findings.append(
                    Diagnostic(
                        .notEthernet, pf.pools.isEmpty ? .note : .warn,
                        "\(pf.title) is an InfiniBand PF, whose VFs can't be in a pool: libvirt can't give one a guest's MAC",
                        pools: pf.pools, pfs: [pf.address]))
            } else if pf.pools.isEmpty, pf.enabledVFs > 0 {
                let lack = PCIAddress(pf.address).flatMap {
                    PFWithoutNetdev(
                        title: pf.title, netdev: pf.netdev, address: $0, driver: pf.driver.value)
                }
                findings.append(
                    Diagnostic(
                        .noPool, .note,
                        "\(pf.title) has \(Words.count(pf.enabledVFs, "VF")) and no pool"
                            + (lack.map { ": it \($0.reason)" } ?? ""),
                        hints: [lack?.hint ?? "make one: `vfpool create \(shell: pf.title)`"],
                        pfs: [pf.address],
                        fold: lack != nil
                            ? nil
                            : Fold(
                                "PF", pf.title, "have VFs and no pool",
                                hints: ["make one of each: `vfpool create PF`"])))
            }
            if !pf.pools.isEmpty, pf.isUp.value == false {
                findings.append(.pfDown(pf.title, pools: pf.pools, pfs: [pf.address]))
            }
            return findings
        }
    }
}
