import Model
import Text

/// What to say when an interface ends up on another VLAN than it was on.
enum VLANChange {
    static func warning(_ subject: String, from old: Int?, to new: Int?) -> Diagnostic {
        warning(subject, from: old, to: words(new))
    }

    /// - Parameter new: where it can't be known which, in words.
    static func warning(_ subject: String, from old: Int?, to new: String) -> Diagnostic {
        Diagnostic(
            .vlanChanges, "\(subject) moves from \(words(old)) to \(new)",
            hints: [hint],
            fold: Fold(
                "interface", Self.short(subject), "move from \(words(old)) to \(new)",
                hints: [hint]))
    }

    /// An undo is taken back by its own name.
    private static let hint = ("if that is not intended: `vfpool undo`; see the plan first with `--dry-run`" as Hint)
        .inUndo("see the plan first with `--dry-run`")

    /// `interface 0 of guest vm1`, after the noun.
    private static func short(_ subject: String) -> String {
        subject.without(prefix: "interface ").map(String.init) ?? subject
    }

    private static func words(_ vlan: Int?) -> String { vlan.map { "VLAN \($0)" } ?? "no VLAN" }
}
