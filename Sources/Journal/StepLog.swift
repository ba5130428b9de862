package import Model

/// What is told of each step while it is done.
package protocol StepLog {
    func starting(_ step: Int) throws(Failure)
    /// - Parameter stored: the document as libvirt stored it, for steps that write one.
    func finished(_ step: Int, stored: String?) throws(Failure)
    func reverted(_ step: Int) throws(Failure)
    /// It is not in effect, and may still come to be: libvirt was asked, and the connection was lost.
    func possible(_ step: Int) throws(Failure)
    /// Makes sure of what `body` writes when it ends, all at once, and not line by line.
    func together(_ body: () throws(Failure) -> Void) throws(Failure)
}

extension StepLog {
    package func together(_ body: () throws(Failure) -> Void) throws(Failure) { try body() }
}
