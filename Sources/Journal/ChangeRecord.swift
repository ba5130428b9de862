package import Model

/// What the journal keeps of a change while it is applied: written before the first step and after each.
package protocol ChangeRecord: StepLog {
    var id: String { get }
    func complete(_ result: ChangeResult, failure: Failure?) throws(Failure)
}
