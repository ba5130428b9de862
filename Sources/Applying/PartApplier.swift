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
    /// How many steps that don't touch the same are done at once.
    let width: Int

    /// A step that may be in effect.
    private struct Begun {
        let index: Int
        let step: Step
        /// Whether the connection was lost before it was answered.
        var isOpen = false
    }

    func apply(_ steps: [(index: Int, step: Step)], progress: (Int, Step) -> Void = { _, _ in }) throws(PartStop) {
        var done: [Begun] = []
        var rest = steps[...]
        while let first = rest.first {
            let batch = StepBatch(rest, width: width)
            rest = rest.dropFirst(batch.steps.count)
            do throws(Failure) {
                if isInterrupted() { throw .interrupted(before: first.index) }
                for entry in batch.steps { progress(entry.index, entry.step) }
                if batch.steps.count == 1 {
                    try apply(first.index, first.step, &done)
                } else {
                    try apply(batch, &done)
                }
            } catch {
                throw putBack(done, after: error)
            }
        }
    }

    private func apply(_ index: Int, _ step: Step, _ done: inout [Begun]) throws(Failure) {
        try runner.check(step)
        try log.starting(index)
        // From here on the step may be in effect even if it fails: a lost answer is no proof.
        done.append(Begun(index: index, step: step))
        do throws(Failure) {
            try runner.perform(step)
        } catch {
            done[done.count - 1].isOpen = runner.isAsked && error.isDisconnection
            throw error
        }
        try log.finished(index, stored: try runner.verify(step))
    }

    /// The journal knows of all of them before the first is looked at.
    private func apply(_ batch: StepBatch, _ done: inout [Begun]) throws(Failure) {
        try log.together { () throws(Failure) in for entry in batch.steps { try log.starting(entry.index) } }
        let outcomes = zip(batch.steps, batch.run(runner, width: width, isInterrupted))
        for (entry, outcome) in outcomes where outcome.isBegun {
            done.append(Begun(index: entry.index, step: entry.step, isOpen: outcome.isOpen))
            runner.adopt(outcome.written, of: entry.step.subject)
        }
        try log.together { () throws(Failure) in
            for (entry, outcome) in outcomes {
                if !outcome.isBegun {
                    try log.reverted(entry.index)
                } else if outcome.failure == nil {
                    try log.finished(entry.index, stored: outcome.stored)
                }
            }
        }
        // Others were not begun because one has failed: that one's words count.
        let failures = outcomes.compactMap(\.1.failure)
        if let failure = failures.first(where: { $0.code != .interrupted }) ?? failures.first { throw failure }
    }

    /// What to throw after everything that can be put back has been: other guests are where one can't be.
    private func putBack(_ done: [Begun], after failure: Failure) -> PartStop {
        var failure = failure
        var possible: [Step] = []
        var isLost = failure.isDisconnection
        var looks = lateness.looks
        var left: [Step] = []
        var reason: Failure?
        // A journal that can't be written any more is no reason to leave a change half done.
        var silence: Failure?
        for (position, entry) in done.enumerated().reversed() {
            // What is of no guest may be needed by what stays.
            if !left.isEmpty, entry.step.guest.map({ guest in left.contains { $0.guest == guest } }) ?? true {
                left.insert(entry.step, at: 0)
                continue
            }
            do throws(Failure) {
                if isLost { try reconnect() }
                isLost = false
                let wasInEffect = try entry.isOpen ? reverseLate(entry.step, &looks) : reverse(entry.step)
                if failure.code == .unplugTimedOut, position == done.count - 1, !wasInEffect {
                    failure.outcome = .open(afterParts: false)
                    continue
                }
                if entry.isOpen && !wasInEffect { possible.insert(entry.step, at: 0) }
            } catch {
                guard entry.step.guest != nil, !error.isDisconnection else {
                    return notRestored(failure, done.prefix(position + 1).map(\.step) + left, because: error)
                }
                left.insert(entry.step, at: 0)
                reason = reason ?? error
                continue
            }
            do throws(Failure) {
                if possible.first == entry.step {
                    try log.possible(entry.index)
                } else {
                    try log.reverted(entry.index)
                }
            } catch {
                silence = error
            }
        }
        if let reason { return notRestored(failure, left, because: reason) }
        if let silence { failure.hints.append("the journal could not be written: \(text: silence.message)") }
        return PartStop(
            failure: failure, result: failure.outcome.isOpen ? .failed : .reverted,
            possible: possible.map { "\($0.subject): \($0.action)" },
            wasBegun: done.count > (failure.outcome.isOpen ? 1 : 0))
    }

    /// What libvirt was asked may still be done after it was seen not to be.
    ///
    /// - Parameter looks: how often to look again, once for all steps that were not answered.
    private func reverseLate(_ step: Step, _ looks: inout Int) throws(Failure) -> Bool {
        if try reverse(step) { return true }
        while looks > 0 {
            looks -= 1
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
