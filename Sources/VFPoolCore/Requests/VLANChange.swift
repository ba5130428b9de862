/// What to say when an interface ends up on another VLAN than it was on.
enum VLANChange {
    static func warning(_ subject: String, from old: Int?, to new: Int?) -> Warning {
        Warning(
            .vlanChanges, "\(subject) moves from \(words(old)) to \(words(new))",
            hints: ["is that meant? look at the plan with `--dry-run` before"])
    }

    private static func words(_ vlan: Int?) -> String { vlan.map { "VLAN \($0)" } ?? "no VLAN" }
}
