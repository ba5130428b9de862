package import Model

/// What the journal keeps of a change while it is applied: written before the first step and after each.
package protocol ChangeRecord: StepLog {
    var id: String { get }
    func complete(_ result: ChangeResult, failure: Failure?) throws(Failure)
    /// Makes sure of what `body` writes when it ends, all at once, and not line by line.
    func together(_ body: () throws(Failure) -> Void) throws(Failure)
}

extension ChangeRecord {
    package func together(_ body: () throws(Failure) -> Void) throws(Failure) { try body() }
}
