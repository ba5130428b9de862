import SRIOV
import Text

/// What to say when a guest gets a pin back that others, shut off, have by now: only one of them can run.
enum SharedPin {
    static func warning(_ address: PCIAddress, _ guest: Guest, _ claims: ClaimIndex) -> Warning? {
        let others = claims[address].filter { $0.kind == .config && $0.guestUUID != guest.uuid }
            .compactMap(\.guestName)
        guard !others.isEmpty else { return nil }
        let names = Words.list(Set(others).sorted().map { "guest \($0)" })
        return Warning(
            .sharedPin,
            "VF \(address), which guest \(guest.name) gets back, is pinned by \(names), too: "
                + "only one of them can run",
            hints: ["pin another: `--to-vf ADDRESS` of `vfpool unbind`; `vfpool status` shows which are free"],
            fold: Fold(
                "VF", "\(address) (guest \(guest.name))",
                "go back to guests although others have them pinned, too: only one of those can run",
                hints: ["pin others: `--to-vf ADDRESS` of `vfpool unbind`; `vfpool status` shows which are free"]))
    }
}
