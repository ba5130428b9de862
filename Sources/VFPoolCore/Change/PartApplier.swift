import Libvirt

/// Does one part of a plan, step by step: check, do, read back, tell; when a step fails, puts back what was done of it.
struct PartApplier<Log: StepLog> {
    let runner: StepRunner
    let log: Log
    /// Asked between steps; true stops the part and puts back what was done of it.
    let isInterrupted: @Sendable () -> Bool

    func apply(_ steps: [(index: Int, step: Step)], progress: (Int, Step) -> Void = { _, _ in }) throws(PartStop) {
        var done: [(index: Int, step: Step)] = []
        for entry in steps {
            do throws(Failure) {
                if isInterrupted() { throw Failure(.interrupted, "interrupted before step \(entry.index + 1)") }
                progress(entry.index, entry.step)
                try runner.check(entry.step)
                try log.starting(entry.index)
                // From here on the step may be in effect even if it fails: a lost answer is no proof.
                done.append(entry)
                try runner.perform(entry.step)
                let stored = try runner.verify(entry.step)
                try log.finished(entry.index, stored: stored)
            } catch {
                throw putBack(done, after: error)
            }
        }
    }

    /// What to throw after everything that can be put back has been.
    private func putBack(_ done: [(index: Int, step: Step)], after failure: Failure) -> PartStop {
        var failure = failure
        var isLost = failure.isDisconnection
        // A journal that can't be written any more is no reason to leave the world half changed.
        var silence: Failure?
        for (position, entry) in done.enumerated().reversed() {
            do throws(Failure) {
                if isLost { try reconnect() }
                isLost = false
                let wasInEffect = try reverse(entry.step)
                if failure.code == .unplugTimedOut, position == done.count - 1, !wasInEffect {
                    failure.mayRemain = true
                    continue
                }
            } catch {
                return notRestored(failure, done.prefix(position + 1).map(\.step), because: error)
            }
            do throws(Failure) {
                try log.reverted(entry.index)
            } catch {
                silence = error
            }
        }
        if let silence { failure.hints.append("the journal could not be written: \(text: silence.message)") }
        return PartStop(
            failure: failure, result: failure.mayRemain ? .failed : .reverted,
            wasBegun: done.count > (failure.mayRemain ? 1 : 0))
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
            throw Failure("could not connect again", error)
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
