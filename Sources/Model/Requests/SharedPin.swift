package import SRIOV
import Text

/// What to say when guests get a pin back that others, shut off, have by now, or get it back together: only one can run.
package enum SharedPin {
    /// - Parameter guests: all that get it back, so that it is said once and not of each to each.
    package static func warning(_ address: PCIAddress, _ guests: [Guest], _ claims: ClaimIndex) -> Diagnostic? {
        let own = Set(guests.map(\.uuid))
        let others = claims[address].filter { claim in
            claim.kind == .config && !(claim.guestUUID.map(own.contains) ?? false)
        }.compactMap(\.guestName)
        guard !others.isEmpty || own.count > 1 else { return nil }
        let back = list(guests.map(\.name))
        let verb = own.count == 1 ? "gets" : "get"
        return Diagnostic(
            .sharedPin,
            others.isEmpty
                ? "VF \(address) goes back to \(back): only one of them can run"
                : "VF \(address), which \(back) \(verb) back, is pinned by \(list(others)), too: only one of them can run",
            hints: ["pin another: `--to-vf ADDRESS` of `vfpool unbind`; `vfpool status` shows which are free"],
            fold: Fold(
                "VF", "\(address) (\(back))",
                "go back to guests although others have them pinned, too: only one of those can run",
                hints: ["pin others: `--to-vf ADDRESS` of `vfpool unbind`; `vfpool status` shows which are free"]))
    }

    private static func list(_ guests: [Name]) -> String { Words.list(Set(guests).sorted().map { "guest \($0)" }) }
}
