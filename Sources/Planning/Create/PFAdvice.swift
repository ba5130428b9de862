import Model
import SRIOV
import Text

/// What to know of a PF that is to have VFs.
enum PinnedPF {
    /// Guests that are to have the PF itself: their start takes all its VFs away.
    static func warnings(_ pf: PhysicalFunction, _ state: State) -> [Diagnostic] {
        state.guests.filter { guest in state.pfs(heldWholeBy: guest).contains { $0.address == pf.address } }
            .map { .pfPinned(pf, by: $0, state) }
    }
}

extension CreateChecks {
    /// What does not stop a pool, but a guest's start later; and what looks like a use and is none.
    static func advice(_ state: State, _ request: CreateRequest) -> (warnings: [Diagnostic], notes: [Note]) {
        let claims = state.claims
        var warnings: [Diagnostic] = []
        var notes: [Note] = []
        for pf in request.pfs {
            let covered = pf.functions.filter { request.selection.contains($0.index) }
            warnings += advice(state, request, pf, covered, claims)
            let barred = Set(state.bars(covered).flatMap(\.functions).map(\.address))
            let usable = covered.filter { !barred.contains($0.address) }
            notes += usable.compactMap { note($0, pf, claims[$0.address], isOfSeveral: request.pfs.count > 1) }
            notes += bound(usable.filter { claims[$0.address].isEmpty }, pf)
        }
        let covered = request.covered
        if state.bars(covered).isEmpty, covered.allSatisfy({ !claims[$0.address].isEmpty }) {
            warnings.append(
                Diagnostic(.noVFFree, "no VF of \(Words.list(request.titles)) is free: every one is held"))
        }
        if !state.supportsPorts, covered.contains(where: { !claims[$0.address].isEmpty }) {
            warnings.append(
                Diagnostic(
                    .noReservations, "this libvirt has no network ports: the pool gets only the VFs that are free now"))
        }
        let drivers = Set(request.pfs.compactMap(\.driver)).sorted()
        if drivers.count > 1 {
            notes.append(
                Note(
                    "the PFs' drivers are \(Words.list(drivers)): which kind of VF a guest sees depends on which it gets"
                ))
        }
        return (warnings, notes + state.unknowns.map { Note($0) })
    }

    /// What to know of one of the pool's PFs.
    private static func advice(
        _ state: State, _ request: CreateRequest, _ pf: PhysicalFunction, _ covered: [VirtualFunction],
        _ claims: ClaimIndex
    ) -> [Diagnostic] {
        var warnings = PinnedPF.warnings(pf, state)
        if pf.isUp == false { warnings.append(.pfDown(pf.title)) }
        warnings += SwitchMode.warnings(
            pf, vlans: ([request.vlan] + request.portgroups.map(\.vlan)).compactMap(\.self))
        if state.iommuEnabled == false, pf == request.pfs.first {
            warnings.append(
                Diagnostic(
                    .iommuOff, "the IOMMU is off: no guest can be given a VF",
                    hints: ["enable VT-d or AMD-Vi in the firmware, and `intel_iommu=on` on the kernel's command line"])
            )
        }
        let ungrouped = covered.filter { $0.iommuGroup == nil }
        if state.isLocal, state.iommuEnabled != false, !ungrouped.isEmpty {
            warnings.append(.noGroup(ungrouped, of: pf))
        }
        let bars = state.bars(covered)
        warnings += groupWarnings([pf], covered, state)
        let barred = Set(bars.flatMap(\.functions).map(\.address))
        let shared = covered.filter { ($0.groupMembers ?? 1) > 1 && !barred.contains($0.address) }
        if !shared.isEmpty { warnings.append(.sharedGroup(shared, of: pf)) }
        return warnings + MacvtapNetworks.warnings(pf, covered, state, claims)
    }

    /// That VFs are for no guest, whoever wants one.
    static func groupWarnings(
        _ pfs: [PhysicalFunction], _ functions: [VirtualFunction], _ state: State
    ) -> [Diagnostic] {
        state.bars(functions).map { other, barred in
            .groupOfPF(
                barred, of: pfs.first { $0.functions.contains { $0.address == barred[0].address } } ?? other, other)
        }
    }

    private static func note(
        _ function: VirtualFunction, _ pf: PhysicalFunction, _ claims: [Claim], isOfSeveral: Bool
    ) -> Note? {
        let title = "VF \(function.index)" + (isOfSeveral ? " of \(pf.title)" : "") + " (\(function.address))"
        guard let claim = claims.first else { return nil }
        return Note(
            "\(title) stays with \(claim.holder)",
            Fold("VF", "VF \(function.index) (\(claim.holder))", "of \(pf.title) stay with their holders"))
    }

    /// That a driver that programs use is no use yet: one note for each such driver.
    private static func bound(_ free: [VirtualFunction], _ pf: PhysicalFunction) -> [Note] {
        let drivers = Dictionary(grouping: free.filter(\.isBoundToVFIO)) { Name($0.driver ?? "vfio-pci") }
        return drivers.sorted { $0.key < $1.key }.map { driver, functions in
            let isOne = functions.count == 1
            return
                "\(Words.vfs(functions.map(\.index))) of \(pf.title) \(isOne ? "is" : "are") bound to \(driver), but no program has \(isOne ? "it" : "them") open: \(isOne ? "it counts" : "they count") as free"
        }
    }
}
