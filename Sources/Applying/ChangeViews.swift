package import Model

/// What a change needs of whoever makes it: a host, a plan, and the words before, while and after it is made.
package protocol ChangeViews {
    /// A connection to the host.
    associatedtype Host
    associatedtype Words: Sendable

    /// - Parameter again: anew, after a change that made VFs, or failed: what is known of the host is old then.
    func connect(again: Bool) throws(Failure) -> Host
    /// What is there now.
    ///
    /// - Throws: `host-unreadable` where it can't be told who has which VF.
    func read(_ host: Host) throws(Failure) -> State
    func uri(_ host: Host) -> String
    /// The calls that change the host.
    func hypervisor(_ host: Host) -> any Hypervisor
    func propose(_ host: Host, _ state: State) throws(Failure) -> Proposal<Words>
    /// What brings pools in line with who holds what by now.
    func upkeep(_ state: State) throws(Failure) -> Proposal<Words>
    /// Shows what will be done.
    ///
    /// - Throws: where it can't be shown: then it is not done.
    func show(_ proposal: Proposal<Words>) throws(Failure)
    /// Asks where naming a thing is not consent enough.
    ///
    /// - Throws: `not-confirmed`.
    func ask(_ proposal: Proposal<Words>) throws(Failure)
    /// Makes the change, by what is given, with signals held back.
    func whileApplying<T>(_ plan: Plan, _ body: (ApplyingView) throws(Failure) -> T) throws(Failure) -> T
    /// Says that a driver could not be asked.
    func couldNotTry(_ trial: SettingsTrial)
    /// Says that it is done.
    func conclude(_ proposal: Proposal<Words>, _ id: String) throws(Failure)
    /// Says what was brought in line after it, or why that could not be.
    func concludeUpkeep(_ result: Result<(proposal: Proposal<Words>, id: String), Failure>)
}

/// What is told while a change is made.
package struct ApplyingView {
    let isInterrupted: @Sendable () -> Bool
    let begins: (String) -> Void
    let progress: (Int, Step) -> Void

    /// - Parameters:
    ///   - isInterrupted: asked between steps; true stops the change and puts back the part that was begun.
    ///   - begins: told the change's name in the journal.
    ///   - progress: told of each step before it is done.
    package init(
        isInterrupted: @escaping @Sendable () -> Bool, begins: @escaping (String) -> Void,
        progress: @escaping (Int, Step) -> Void
    ) {
        self.isInterrupted = isInterrupted
        self.begins = begins
        self.progress = progress
    }
}
