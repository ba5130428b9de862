import Applying
import Model
import Planning

/// What a command says of its change.
struct ChangeWords {
    /// The sentences that report it done.
    var summary: [String] = []
    /// What to do next.
    var hints: [Hint] = []
    /// Why it asks first, where naming a thing is not consent enough.
    var question: String?
    /// What a migration does, guest by guest.
    var migration: Migration?
    /// What of a host is not as a spec says.
    var differences: SpecPlan?
    /// The command's one object as it is: what `--print-xml` prints where nothing of it has to change.
    var document: String?
}

extension Proposal<ChangeWords> {
    init(
        plan: Plan, summary: [String], hints: [Hint] = [], question: String? = nil, document: String? = nil
    ) {
        self.init(
            plan: plan, words: ChangeWords(summary: summary, hints: hints, question: question, document: document))
    }
}
