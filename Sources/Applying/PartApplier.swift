import Journal
import Libvirt
import Model

/// Does one part of a plan, step by step: check, do, read back, tell; when a step fails, puts back what was done of it.
struct PartApplier {
    let runner: StepRunner
    let log: any StepLog
    /// Asked between steps; true stops the part and puts back what was done of it.
    let isInterrupted: @Sendable () -> Bool
    let lateness: Lateness

    func apply(_ steps: [(index: Int, step: Step)], progress: (Int, Step) -> Void = { _, _ in }) throws(PartStop) {
        var done: [(index: Int, step: Step)] = []
        for entry in steps {
            var isAnswered = true
            do throws(Failure) {
                if isInterrupted() { throw Failure(.interrupted, "interrupted before step \(entry.index + 1)") }
                progress(entry.index, entry.step)
                try runner.check(entry.step)
                try log.starting(entry.index)
                // From here on the step may be in effect even if it fails: a lost answer is no proof.
                done.append(entry)
                isAnswered = false
                try runner.perform(entry.step)
                isAnswered = true
                let stored = try runner.verify(entry.step)
                try log.finished(entry.index, stored: stored)
            } catch {
                throw putBack(done, after: error, isOpen: !isAnswered && runner.isAsked && error.isDisconnection)
            }
        }
    }

    /// What to throw after everything that can be put back has been.
    ///
    /// - Parameter isOpen: whether the connection was lost before the last step was answered.
    private func putBack(
        _ done: [(index: Int, step: Step)], after failure: Failure, isOpen: Bool
    ) -> PartStop {
        var failure = failure
        var possible: Step?
        var isLost = failure.isDisconnection
        // A journal that can't be written any more is no reason to leave a change half done.
        var silence: Failure?
        for (position, entry) in done.enumerated().reversed() {
            do throws(Failure) {
                if isLost { try reconnect() }
                isLost = false
                let isLast = position == done.count - 1
                let wasInEffect = try isLast && isOpen ? reverseLate(entry.step) : reverse(entry.step)
                if failure.code == .unplugTimedOut, isLast, !wasInEffect {
                    failure.outcome = .open(afterParts: false)
                    continue
                }
                if isLast && isOpen && !wasInEffect { possible = entry.step }
            } catch {
                return notRestored(failure, done.prefix(position + 1).map(\.step), because: error)
            }
            do throws(Failure) {
                if position == done.count - 1, possible != nil {
                    try log.possible(entry.index)
                } else {
                    try log.reverted(entry.index)
                }
            } catch {
                silence = error
            }
        }
        if let silence { failure.hints.append("the journal could not be written: \(text: silence.message)") }
        return PartStop(
            failure: failure, result: failure.outcome.isOpen ? .failed : .reverted,
            possible: possible.map { ["\($0.subject): \($0.action)"] } ?? [],
            wasBegun: done.count > (failure.outcome.isOpen ? 1 : 0))
    }

    /// What libvirt was asked may still be done after it was seen not to be.
    private func reverseLate(_ step: Step) throws(Failure) -> Bool {
        if try reverse(step) { return true }
        for _ in 0..<lateness.looks {
            lateness.wait()
            if try reverse(step) { return true }
        }
        return false
    }

    /// The daemon may go away while a change is put back, too.
    private func reverse(_ step: Step) throws(Failure) -> Bool {
        do throws(Failure) {
            return try runner.reverse(step)
        } catch {
            guard error.isDisconnection else { throw error }
            try reconnect()
            return try runner.reverse(step)
        }
    }

    private func reconnect() throws(Failure) {
        do throws(LibvirtError) {
            try runner.hypervisor.reconnect()
        } catch {
            let failure = Failure("could not connect again", error)
            guard error.isOfDaemonBehind else { throw failure }
            // Nothing is open now, so it is the host's own daemon that is not there.
            throw Failure(
                .connectionLost, failure.message, cause: failure.cause,
                hints: ["the daemon went away; `vfpool log` tells what was done"])
        }
    }

    private func notRestored(_ failure: Failure, _ left: [Step], because reason: Failure) -> PartStop {
        let whole = Failure(
            .notRestored, "\(failure.message); and it could not be put back",
            cause: "\(failure.cause ?? failure.code.rawValue); then: \(reason.message)"
                + (reason.cause.map { ": \($0)" } ?? ""), hints: failure.hints)
        return PartStop(
            failure: whole, result: .failed, left: left.map { "\($0.subject): \($0.action)" }, wasBegun: true)
    }
}
