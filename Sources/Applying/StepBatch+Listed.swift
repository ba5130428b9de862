import Model
import Parallel
import Synchronization
import Text

/// VFs that are reserved or given back: each network's ports are listed once before and once after all of them, instead of each
/// VF's being looked for twice.
extension StepBatch {
    func runListed(
        _ networks: [Name], _ runner: StepRunner, width: Int, _ isInterrupted: @escaping @Sendable () -> Bool
    ) -> [Outcome] {
        var outcomes = [Outcome](repeating: Outcome(written: runner.written), count: steps.count)
        func lister(_ place: Int) throws(Failure) -> StepRunner {
            let ports = try runner.ports(of: networks, for: steps[steps.startIndex + place].step)
            return StepRunner(runner.hypervisor, files: runner.files, ports: ports)
        }
        var place = 0
        do throws(Failure) {
            let before = try lister(place)
            for (index, entry) in steps.enumerated() {
                place = index
                try before.check(entry.step)
            }
        } catch {
            outcomes[place].failure = error
            return outcomes
        }
        outcomes = perform(runner, width: width, isInterrupted)
        guard let first = outcomes.firstIndex(where: { $0.isBegun && $0.failure == nil }) else { return outcomes }
        let after = Result { () throws(Failure) in try lister(first) }
        for (place, entry) in steps.enumerated() where outcomes[place].isBegun && outcomes[place].failure == nil {
            do throws(Failure) {
                outcomes[place].stored = try after.get().verify(entry.step)
            } catch {
                outcomes[place].failure = error
            }
        }
        return outcomes
    }

    private func perform(
        _ runner: StepRunner, width: Int, _ isInterrupted: @escaping @Sendable () -> Bool
    ) -> [Outcome] {
        let (hypervisor, files, written) = (runner.hypervisor, runner.files, runner.written)
        let steps = Array(steps)
        let hasFailed = Atomic(false)
        return inParallel(Array(steps.indices), width: width) { (place) throws(Never) in
            var outcome = Outcome(written: written)
            let runner = StepRunner(hypervisor, files: files)
            do throws(Failure) {
                if hasFailed.load(ordering: .relaxed) || isInterrupted() {
                    throw .interrupted(before: steps[place].index)
                }
                outcome.isBegun = true
                try runner.perform(steps[place].step)
            } catch {
                hasFailed.store(true, ordering: .relaxed)
                outcome.failure = error
                outcome.isOpen = outcome.isBegun && runner.isAsked && error.isDisconnection
            }
            return outcome
        }
    }
}
