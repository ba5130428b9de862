package import SRIOV
package import Text

/// What is said of PFs and their VFs, whoever says it.
extension Diagnostic {
    package static func pfDown(_ title: Name, pools: [Name] = [], pfs: [String] = []) -> Diagnostic {
        Diagnostic(
            .pfDown, "\(title) is down: libvirt can't set up its VFs, and no guest that is given one can start",
            hints: ["bring it up: `ip link set dev \(shell: title) up`"], pools: pools, pfs: pfs,
            fold: Fold(
                "PF", title, "are down: libvirt can't set up their VFs, and no guest that is given one can start",
                hints: ["bring each up: `ip link set dev PF up`"]))
    }

    package static func pfPinned(_ pf: PhysicalFunction, by guest: Guest, _ state: State) -> Diagnostic {
        Diagnostic(
            .pfPinned,
            "guest \(guest.name) has the PF \(pf.title) (\(pf.address)) itself: when it starts, all VFs of the PF are gone",
            hints: ["give it a VF instead: `virsh edit \(shell: guest.word)`"], pools: state.pools(of: pf).map(\.name),
            guests: [guest.name], pfs: [pf.address.description])
    }

    // MARK: IOMMU groups

    package static func noGroup(
        _ vfs: [VirtualFunction], of pf: PhysicalFunction, as code: Code = .noGroup, _ severity: Severity = .warn,
        pools: [Name] = []
    ) -> Diagnostic {
        Diagnostic(
            code, severity,
            "\(Words.vfs(vfs.map(\.index))) of \(pf.title) \(vfs.count == 1 ? "has" : "have") no IOMMU group: no guest can be given one",
            hints: ["is the IOMMU on for \(text: pf.title)'s slot? see the kernel's log"], pools: pools,
            pfs: [pf.address.description])
    }

    /// - Parameter other: the PF that is in their group.
    package static func groupOfPF(
        _ vfs: [VirtualFunction], of pf: PhysicalFunction, _ other: PhysicalFunction, as code: Code = .sharedGroup,
        _ severity: Severity = .warn, pools: [Name] = []
    ) -> Diagnostic {
        Diagnostic(
            code, severity,
            "\(Words.vfs(vfs.map(\.index))) of \(pf.title) \(vfs.count == 1 ? "is" : "are") in one IOMMU group with the PF \(other.title) itself: no guest can be given one",
            hints: [separateGroups], pools: pools, pfs: [pf.address.description])
    }

    package static func sharedGroup(
        _ vfs: [VirtualFunction], of pf: PhysicalFunction, as code: Code = .sharedGroup, pools: [Name] = []
    ) -> Diagnostic {
        Diagnostic(
            code,
            "\(Words.vfs(vfs.map(\.index))) of \(pf.title) \(vfs.count == 1 ? "shares an IOMMU group" : "share IOMMU groups") with other devices: a guest has to take them all",
            hints: [separateGroups], pools: pools, pfs: [pf.address.description])
    }

    private static let separateGroups: Hint =
        "look for access control services (ACS) in the firmware's setup, or use another slot"
}
