package import Model

/// What a change will do, with the words that its views have for it.
package struct Proposal<Words: Sendable>: Sendable {
    package var plan: Plan
    package var words: Words
    package var origin: ChangeOrigin
    /// What it can't mend, which is the error that it ends with when everything else is done.
    package var remains: Failure?

    package init(plan: Plan, words: Words, origin: ChangeOrigin = ChangeOrigin(), remains: Failure? = nil) {
        self.plan = plan
        self.words = words
        self.origin = origin
        self.remains = remains
    }
}
