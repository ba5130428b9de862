import Libvirt

/// Applies a plan step by step: check, do, read back, record; when a step fails, puts back what was done.
package struct Applier {
    private let runner: StepRunner
    private let record: any ChangeRecord
    private let isInterrupted: @Sendable () -> Bool
    private let progress: (Int, Step) -> Void

    /// - Parameter isInterrupted: asked between steps; true stops the change and puts back what was done.
    package init(
        _ hypervisor: any Hypervisor, record: any ChangeRecord,
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        progress: @escaping (Int, Step) -> Void = { _, _ in }
    ) {
        self.runner = StepRunner(hypervisor)
        self.record = record
        self.isInterrupted = isInterrupted
        self.progress = progress
    }

    /// - Throws: `Failure`: what went wrong when all was put back; code `not-restored` when it could not be.
    package func apply(_ plan: Plan) throws(Failure) {
        var done: [(index: Int, step: Step)] = []
        for (index, step) in plan.steps.enumerated() {
            do throws(Failure) {
                if isInterrupted() { throw Failure(.interrupted, "interrupted before step \(index + 1)") }
                progress(index, step)
                try runner.check(step)
                try record.starting(index)
                // From here on the step may be in effect even if it fails: a lost answer is no proof.
                done.append((index, step))
                try runner.perform(step)
                let stored = try runner.verify(step)
                try record.finished(index, stored: stored)
            } catch {
                throw putBack(done, after: error)
            }
        }
        do throws(Failure) {
            try record.complete(.done, failure: nil)
        } catch {
            var failure = error
            failure.hints.append("everything planned is in place, although `vfpool log` will call it unfinished")
            throw failure
        }
    }

    /// What to throw after everything that can be put back has been.
    private func putBack(_ done: [(index: Int, step: Step)], after failure: Failure) -> Failure {
        var failure = failure
        var isLost = failure.code == .connectionLost
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
            silence = note { () throws(Failure) in try record.reverted(entry.index) } ?? silence
        }
        let result: ChangeResult = failure.mayRemain ? .failed : .reverted
        silence = note { () throws(Failure) in try record.complete(result, failure: failure) } ?? silence
        if let silence { failure.hints.append("the journal could not be written: \(silence.message)") }
        if failure.mayRemain {
            failure.hints += [
                "the request stands, for QEMU can't take it back: the guest may still let go of the interface",
                "if it does, plug it again: `vfpool undo \(record.id)`",
            ]
        }
        if done.count > (failure.mayRemain ? 1 : 0) {
            failure.hints.append("everything \(failure.mayRemain ? "else " : "")that this change had done was put back")
        }
        return failure
    }

    /// The daemon may go away while a change is put back, too.
    private func reverse(_ step: Step) throws(Failure) -> Bool {
        do throws(Failure) {
            return try runner.reverse(step)
        } catch {
            guard error.code == .connectionLost else { throw error }
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

    private func note(_ line: () throws(Failure) -> Void) -> Failure? {
        do throws(Failure) {
            try line()
            return nil
        } catch {
            return error
        }
    }

    private func notRestored(_ failure: Failure, _ left: [Step], because reason: Failure) -> Failure {
        // The record may be as unreachable as libvirt; the failure itself then has to say it all.
        try? record.complete(.failed, failure: failure)
        let remains = left.map { "\($0.subject): \($0.action)" }.joined(separator: "; ")
        return Failure(
            .notRestored, "\(failure.message); and it could not be put back",
            cause: "\(failure.cause ?? failure.code.rawValue); then: \(reason.message)"
                + (reason.cause.map { ": \($0)" } ?? ""),
            hints: failure.hints + [
                "may still be in place: \(remains)",
                "take it back when libvirt answers again: `vfpool undo \(record.id)`",
            ])
    }
}
