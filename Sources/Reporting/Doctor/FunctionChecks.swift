import Model
import SRIOV
import Text

/// A PF's functions: what drives them, which IOMMU groups they are in, and who else on the host has its hands on them.
enum FunctionChecks {
    static func all(_ exam: Examination) -> [Diagnostic] {
        exam.pfs.filter { !$0.functions.isEmpty }.flatMap { pf in
            [driver(pf, exam), groups(pf, exam)] + netdevManagers(pf, exam)
        }
    }

    /// Drivers that hand a device to a program of the host.
    private static let ofPrograms: Set<Name> = ["uio_pci_generic", "igb_uio", "pci-stub", "pciback"]

    private static func driver(_ pf: PhysicalFunction, _ exam: Examination) -> Diagnostic {
        let pfs = [pf.address.description]
        guard exam.state.isLocal || pf.functions.contains(where: { $0.driver != nil }) else {
            return .unknown(
                .vfDriver, "libvirt does not name its VFs' drivers", subject: pf.title.string, pfs: pfs)
        }
        let odd = pf.functions.filter { $0.driver.map { ofPrograms.contains(Name($0)) } ?? false }
        if let driver = odd.first?.driver {
            return Diagnostic(
                .vfDriver, .warn,
                "\(Words.vfs(odd.map(\.index))) of \(pf.title) \(odd.count == 1 ? "is" : "are") bound to \(driver), for a program of the host",
                hints: [
                    "leave out of the pool what a program needs: `vfpool create \(shell: pf.title) --exclude \(shell: IndexSet(odd.map(\.index)))`"
                ],
                pfs: pfs)
        }
        let counts = Dictionary(grouping: pf.functions) { $0.driver ?? "none" }.mapValues(\.count)
        let words = counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        return Diagnostic(.vfDriver, .pass, "drivers of \(pf.title)'s VFs: \(words)", pfs: pfs)
    }

    private static func groups(_ pf: PhysicalFunction, _ exam: Examination) -> Diagnostic {
        let pfs = [pf.address.description]
        let pools = exam.state.pools(of: pf).map(\.name)
        let without = pf.functions.filter { $0.iommuGroup == nil }
        if !without.isEmpty {
            // Another host's libvirt may be too old to tell.
            guard exam.state.isLocal else {
                return .unknown(
                    .iommuGroups, "libvirt names no IOMMU group of its VFs", subject: pf.title.string, pfs: pfs)
            }
            return .noGroup(without, of: pf, as: .iommuGroups, .fail, pools: pools)
        }
        if let (other, barred) = exam.state.bars(pf.functions).first {
            return .groupOfPF(barred, of: pf, other, as: .iommuGroups, .fail, pools: pools)
        }
        let shared = pf.functions.filter { ($0.groupMembers ?? 1) > 1 }
        guard shared.isEmpty else { return .sharedGroup(shared, of: pf, as: .iommuGroups, pools: pools) }
        return Diagnostic(
            .iommuGroups, .pass, "every VF of \(pf.title) has an IOMMU group of its own", pools: pools, pfs: pfs)
    }

    private static func netdevManagers(_ pf: PhysicalFunction, _ exam: Examination) -> [Diagnostic] {
        let pfs = [pf.address.description]
        let managers: [Name: String]
        switch exam.facts.managers {
        case .unknown(let reason): return [.unknown(.vfHandsOff, reason, subject: pf.title.string, pfs: pfs)]
        case .absent: managers = [:]
        case .known(let found): managers = found
        }
        let held = pf.functions.filter { $0.netdev.flatMap { managers[$0] } != nil }
        guard !held.isEmpty else {
            return [
                Diagnostic(.vfHandsOff, .pass, "nothing on the host manages netdevs of \(pf.title)'s VFs", pfs: pfs)
            ]
        }
        let byManager = Dictionary(grouping: held) { $0.netdev.flatMap { managers[$0] } ?? "" }
        return byManager.sorted { $0.key < $1.key }.map { manager, functions in
            Diagnostic(
                .vfHandsOff, .warn,
                "\(manager) manages the \(functions.count == 1 ? "netdev" : "netdevs") of \(Words.vfs(functions.map(\.index))) of \(pf.title): it may give one an address while no guest has it",
                hints: netdevManagersHints(manager, functions) + [
                    "or let VFs get no netdev: `vfpool resize \(shell: pf.title) \(shell: pf.enabledVFs) --no-host-driver`"
                ], pfs: pfs)
        }
    }

    private static func netdevManagersHints(_ manager: String, _ functions: [VirtualFunction]) -> [Hint] {
        let driver = functions.lazy.compactMap(\.driver).first ?? "DRIVER"
        return switch manager {
        case "NetworkManager":
            [
                "in /etc/NetworkManager/conf.d/vfs.conf: a section `[keyfile]` with `unmanaged-devices=driver:\(shell: driver)`, then `nmcli general reload`"
            ]
        case "systemd-networkd":
            [
                "in /etc/systemd/network/01-vfs.network: `[Match]` with `Driver=\(shell: driver)`, `[Link]` with `Unmanaged=yes`, then `networkctl reload`"
            ]
        default: ["take them out of /etc/network/interfaces and the files beside it"]
        }
    }
}
