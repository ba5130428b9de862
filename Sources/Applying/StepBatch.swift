import Model
import Parallel
import Synchronization
import Text

/// Steps of one part that are done at once, for none touches what another does: documents of several guests, or several VFs that
/// are reserved or given back.
struct StepBatch {
    /// How many are begun before the journal is written and it is looked whether to stop.
    static let most = 64

    /// What became of one of them.
    struct Outcome: Sendable {
        /// Whether it may be in effect, be it that it failed.
        var isBegun = false
        /// Whether the connection was lost before it was answered.
        var isOpen = false
        var stored: String?
        var written = StepRunner.Written()
        var failure: Failure?
    }

    let steps: ArraySlice<(index: Int, step: Step)>

    /// The steps from the first on that can be done together; that one alone if there is none.
    init(_ steps: ArraySlice<(index: Int, step: Step)>, width: Int) {
        var seen: Set<Name> = []
        let kind = steps.first?.step.payload.kind
        let together = steps.prefix(width > 1 ? Self.most : 0).prefix { entry in
            guard entry.step.payload.kind == kind, let touched = Self.touched(entry.step) else { return false }
            return seen.insert(touched).inserted
        }
        self.steps = together.count > 1 ? together : steps.prefix(1)
    }

    /// What a step touches, and nothing else; nil where it has to be done alone.
    private static func touched(_ step: Step) -> Name? {
        switch step {
        case .defineGuest(let change): Name(change.uuid)
        case .reserve(let network, let reservation), .release(let network, let reservation):
            Name("\(reservation.uuid) \(network)")
        default: nil
        }
    }

    /// Does them, as many at once as `width` says; once one has failed, no other is begun.
    func run(_ runner: StepRunner, width: Int, _ isInterrupted: @escaping @Sendable () -> Bool) -> [Outcome] {
        if let networks { return runListed(networks, runner, width: width, isInterrupted) }
        let (hypervisor, files, written) = (runner.hypervisor, runner.files, runner.written)
        let steps = Array(steps)
        let hasFailed = Atomic(false)
        return inParallel(Array(steps.indices), width: width) { (place) throws(Never) in
            Self.run(
                steps[place].index, steps[place].step, StepRunner(hypervisor, files: files, written: written),
                hasFailed,
                isInterrupted)
        }
    }

    /// The networks in which VFs are reserved or given back; nil where other steps are made.
    private var networks: [Name]? {
        var networks: Set<Name> = []
        for (_, step) in steps {
            switch step {
            case .reserve(let network, _), .release(let network, _): networks.insert(network)
            default: return nil
            }
        }
        return networks.sorted()
    }

    private static func run(
        _ index: Int, _ step: Step, _ runner: StepRunner, _ hasFailed: borrowing Atomic<Bool>,
        _ isInterrupted: () -> Bool
    ) -> Outcome {
        var outcome = Outcome()
        do throws(Failure) {
            if hasFailed.load(ordering: .relaxed) || isInterrupted() { throw .interrupted(before: index) }
            try runner.check(step)
            outcome.isBegun = true
            outcome.isOpen = true
            try runner.perform(step)
            outcome.isOpen = false
            outcome.stored = try runner.verify(step)
        } catch {
            hasFailed.store(true, ordering: .relaxed)
            outcome.failure = error
            outcome.isOpen = outcome.isOpen && runner.isAsked && error.isDisconnection
        }
        outcome.written = runner.written
        return outcome
    }
}

extension Failure {
    /// - Parameter step: the one that was not begun, by its index in the plan.
    static func interrupted(before step: Int) -> Failure {
        Failure(.interrupted, "interrupted before step \(step + 1)")
    }
}
