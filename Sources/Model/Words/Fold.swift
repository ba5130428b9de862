package import Text

/// How messages of one kind are said as one: what each is about, and what is true of all.
///
/// `30 guests are pinned to VFs, and can't start with others: vm1, vm2, vm3, vm4 and 26 more`.
package struct Fold: Sendable, Equatable {
    /// In the singular: `guest`.
    @Bytewise package var noun: String
    /// What this message is about: `vm1`.
    package var subject: Name
    /// What is said of all, after their number and noun: `are pinned to VFs, and can't start with others`.
    @Bytewise package var predicate: String
    /// What mends all of them.
    package var hints: [Hint]

    package init(_ noun: String, _ subject: Name, _ predicate: String, hints: [Hint] = []) {
        self.noun = noun
        self.subject = subject
        self.predicate = predicate
        self.hints = hints
    }

    package init(_ noun: String, _ subject: String, _ predicate: String, hints: [Hint] = []) {
        self.init(noun, Name(subject), predicate, hints: hints)
    }
}
