/// What is told of each step while it is done.
protocol StepLog {
    func starting(_ step: Int) throws(Failure)
    /// - Parameter stored: the document as libvirt stored it, for steps that write one.
    func finished(_ step: Int, stored: String?) throws(Failure)
    func reverted(_ step: Int) throws(Failure)
    /// It is not in effect, and may still come to be: libvirt was asked, and the connection was lost.
    func possible(_ step: Int) throws(Failure)
}

/// What the journal keeps of a change while it is applied: written before the first step and after each.
package protocol ChangeRecord {
    var id: String { get }
    func starting(_ step: Int) throws(Failure)
    /// - Parameter stored: the document as libvirt stored it, for steps that write one.
    func finished(_ step: Int, stored: String?) throws(Failure)
    func reverted(_ step: Int) throws(Failure)
    /// It is not in effect, and may still come to be: libvirt was asked, and the connection was lost.
    func possible(_ step: Int) throws(Failure)
    func complete(_ result: ChangeResult, failure: Failure?) throws(Failure)
    /// Makes sure of what `body` writes when it ends, all at once, and not line by line.
    func together(_ body: () throws(Failure) -> Void) throws(Failure)
}

extension ChangeRecord {
    package func together(_ body: () throws(Failure) -> Void) throws(Failure) { try body() }
}

/// How a change ended.
package enum ChangeResult: String, Sendable, Codable {
    /// Everything planned is in place.
    case done
    /// It failed or was interrupted, and everything was put back.
    case reverted
    /// It stopped on the way: the parts before stay, and what was begun after them was put back.
    case partial
    /// It failed, and something may still be in place.
    case failed
    /// It never ended: vfpool was killed, or the machine went down. Never written, only concluded.
    case unfinished
}
