/// What one kind of step knows of itself: its words, its record in the journal, its way back, what it leaves behind.
package protocol StepPayload: Sendable {
    var subject: Subject { get }
    /// The step in a few words.
    var action: String { get }
    var effect: StepEffect { get }
    /// The step that takes this one back.
    var reversed: Step { get }
    /// By this word the journal knows it.
    var kind: StepRecord.Kind { get }
    /// The document that it changes, for diffs.
    var documentChange: DocumentChange? { get }

    /// Adds to its record what only this kind has.
    func write(to record: inout StepRecord, _ files: inout StepFiles)
    /// Makes the picture what it will be when the step is done.
    func apply(to state: inout State) throws(Failure)
}

extension StepPayload {
    package var documentChange: DocumentChange? { nil }

    package func write(to record: inout StepRecord, _ files: inout StepFiles) {}
}

/// What kind of change a step is, for the closing count of a plan.
package enum StepEffect: String, Sendable { case add, change, remove }
