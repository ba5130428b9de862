package import Journal
import Libvirt
package import Model

/// Applies a plan part by part; when one fails, it is put back, and the parts before it stay.
package struct Applier {
    private let runner: StepRunner
    private let record: any ChangeRecord
    private let isInterrupted: @Sendable () -> Bool
    private let progress: (Int, Step) -> Void
    /// The command that goes on with a change of several parts that stopped on the way.
    private let continuation: ShellCommand
    /// How much is changed at once, where none touches what another does.
    private let width: Int
    private let lateness: Lateness

    /// - Parameter isInterrupted: asked between steps; true stops the change and puts back the part that was begun.
    package init(
        _ hypervisor: any Hypervisor, files: any HostFiles = LocalFiles(), record: any ChangeRecord, width: Int = 4,
        continuation: ShellCommand = ChangeOrigin().continuation, lateness: Lateness = Lateness(),
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        progress: @escaping (Int, Step) -> Void = { _, _ in }
    ) {
        self.runner = StepRunner(hypervisor, files: files)
        self.record = record
        self.width = width
        self.lateness = lateness
        self.continuation = continuation
        self.isInterrupted = isInterrupted
        self.progress = progress
    }

    /// - Throws: `Failure`: what went wrong when the part that failed was put back, with the outcome `parts` when others
    ///   stay; code `not-restored` when it could not be.
    package func apply(_ plan: Plan) throws(Failure) {
        let parts = plan.parts
        var next = 0
        while next < parts.count {
            let group = ParallelGuests.group(plan, parts, from: next)
            let (done, stop) =
                group.count == 1
                ? one(plan, parts[next])
                : ParallelGuests(runner.hypervisor, record, width: width, lateness, isInterrupted).apply(
                    plan, group, progress)
            if let stop { throw ended(stop, after: next + done, of: parts.count) }
            next += group.count
        }
        do throws(Failure) {
            try record.complete(.done, failure: nil)
        } catch {
            var failure = error
            failure.hints.append("everything planned is in place, although `vfpool log` will call it unfinished")
            throw failure
        }
    }

    private func one(_ plan: Plan, _ part: Range<Int>) -> (done: Int, stop: PartStop?) {
        let applier = PartApplier(
            runner: runner, log: record, isInterrupted: isInterrupted, lateness: lateness, width: width)
        do throws(PartStop) {
            try applier.apply(part.map { ($0, plan.items[$0].step) }, progress: progress)
            return (1, nil)
        } catch {
            return (0, error)
        }
    }

    /// Writes down how it ended, and says what is to be done about it.
    private func ended(_ stop: PartStop, after done: Int, of count: Int) -> Failure {
        var failure = stop.failure
        let isPartial = done > 0
        if isPartial { failure.outcome = failure.outcome.afterParts }
        let result: ChangeResult = stop.result == .reverted && isPartial ? .partial : stop.result
        do throws(Failure) {
            try record.complete(result, failure: failure)
        } catch {
            // The record may be as unreachable as libvirt; the failure itself then has to say it all.
            if failure.code != .notRestored {
                failure.hints.append("the journal could not be written: \(text: error.message)")
            }
        }
        if failure.outcome.isOpen {
            failure.hints += [
                "QEMU can't cancel the request: the guest may still release the interface",
                "if it does, plug it again: `vfpool undo \(shell: record.id)`",
            ]
        }
        if !stop.possible.isEmpty {
            failure.hints += [
                "libvirt may still do what it was asked before the connection was lost: \(text: Words.list(stop.possible))",
                "if it does, take it back: `vfpool undo \(shell: record.id)`",
            ]
        }
        if !stop.left.isEmpty {
            failure.hints += [
                "may still be in place: \(text: stop.left.joined(separator: "; "))",
                "take it back when libvirt answers again: `vfpool undo \(shell: record.id)`",
            ]
        } else if isPartial {
            failure.hints += [
                "\(done) of \(count) parts are done and stay; what was begun after them was put back",
                "go on with the rest: `\(shell: continuation)`; or take back what is done: `vfpool undo \(shell: record.id)`",
            ]
        } else if stop.wasBegun {
            failure.hints.append(
                "everything \(failure.outcome.isOpen ? "else " : "")that this change had done was put back")
        }
        return failure
    }
}
