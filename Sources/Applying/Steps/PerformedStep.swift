import Model

/// A step as it is done: looked at before, performed, read back.
protocol PerformedStep: StepPayload {
    /// - Throws: `changed-meanwhile` when the object is not what the plan was made from.
    func check(_ runner: StepRunner) throws(Failure)
    func perform(_ runner: StepRunner) throws(Failure)
    /// Reads the result back.
    ///
    /// - Returns: the document as libvirt stored it, for steps that write one.
    /// - Throws: `verify-failed` when something planned is not there.
    func verify(_ runner: StepRunner) throws(Failure) -> String?
    /// Whether all is already as this step would leave it.
    func isInEffect(_ runner: StepRunner) throws(Failure) -> Bool
    /// - Throws: when what is there now is not what this step left, so that taking it back would undo someone else's.
    func checkOurs(_ runner: StepRunner) throws(Failure)
    /// Whether there is nothing left that it could be taken back from.
    func isMoot(_ runner: StepRunner) throws(Failure) -> Bool
}

extension PerformedStep {
    func check(_ runner: StepRunner) throws(Failure) { try checkUndone(runner) }

    func verify(_ runner: StepRunner) throws(Failure) -> String? {
        guard try isInEffect(runner) else {
            throw Failure(.verifyFailed, "\(subject): \(action) had no effect")
        }
        return nil
    }

    func checkOurs(_ runner: StepRunner) throws(Failure) {}
    func isMoot(_ runner: StepRunner) throws(Failure) -> Bool { false }

    /// - Throws: where it is in effect: what someone else did since must not be taken back with this change.
    func checkUndone(_ runner: StepRunner) throws(Failure) {
        guard try !isInEffect(runner) else {
            throw Failure(
                .changedMeanwhile, "\(subject): someone else did this since the plan was made: \(action)",
                hints: ["run the command again to plan from what is there now"])
        }
    }

    /// The object is not what the plan was made from.
    func changed(isGone: Bool) -> Failure {
        Failure(
            .changedMeanwhile,
            isGone
                ? "\(subject) is gone since the plan was made"
                : "\(subject) was changed by someone else since the plan was made",
            hints: ["nothing was overwritten; run the command again to plan from what is there now"])
    }
}

extension Step {
    /// What does it.
    var performed: any PerformedStep {
        switch self {
        case .defineNetwork(let change), .undefineNetwork(let change): NetworkDocument(change: change)
        case .startNetwork(let name): NetworkRun(network: name, isStart: true)
        case .stopNetwork(let name): NetworkRun(network: name, isStart: false)
        case .setAutostart(let network, let on): NetworkAutostart(network: network, on: on)
        case .reserve(let network, let reservation): ReservedVF(network: network, reservation, isMade: true)
        case .release(let network, let reservation): ReservedVF(network: network, reservation, isMade: false)
        case .defineGuest(let change): GuestDocument(change: change)
        case .unplug(let device): DevicePlug(device: device, isPlugged: false)
        case .plug(let device): DevicePlug(device: device, isPlugged: true)
        case .writeFile(let change): change
        case .setPF(let change): change
        }
    }
}
