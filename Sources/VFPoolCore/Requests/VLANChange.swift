/// What to say when an interface ends up on another VLAN than it was on.
enum VLANChange {
    static func warning(_ subject: String, from old: Int?, to new: Int?) -> Warning {
        warning(subject, from: old, to: words(new))
    }

    /// - Parameter new: where it can't be known which, in words.
    static func warning(_ subject: String, from old: Int?, to new: String) -> Warning {
        Warning(
            .vlanChanges, "\(subject) moves from \(words(old)) to \(new)",
            hints: ["is that meant? look at the plan with `--dry-run` before"])
    }

    private static func words(_ vlan: Int?) -> String { vlan.map { "VLAN \($0)" } ?? "no VLAN" }
}
