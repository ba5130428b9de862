import Libvirt
import Model
import Text
import XML

/// A step that changes a document of libvirt's, which is held against the text that the plan was made from.
protocol DocumentStep: PerformedStep {
    var change: DocumentChange { get }
    /// The document as it is; nil where there is no such object.
    func current(_ hypervisor: any Hypervisor) throws(LibvirtError) -> String?
    /// Sends what is planned.
    func send(_ hypervisor: any Hypervisor) throws(LibvirtError)
}

extension DocumentStep {
    func check(_ runner: StepRunner) throws(Failure) {
        let current = try read(runner)
        guard current.isSame(as: runner.stored(subject) ?? change.before) else { throw changed(isGone: current == nil) }
    }

    func perform(_ runner: StepRunner) throws(Failure) {
        runner.sends(subject)
        try runner.ask(self) { (hypervisor) throws(LibvirtError) in try send(hypervisor) }
    }

    func verify(_ runner: StepRunner) throws(Failure) -> String? {
        let current = try read(runner)
        runner.found(current, for: subject)
        let differences = try StoredDocument.differences(planned: change.after, stored: current)
        guard differences.isEmpty else {
            throw Failure(
                .verifyFailed, "libvirt stored \(subject) otherwise than planned",
                cause: differences.prefix(5).joined(separator: "; "))
        }
        return current
    }

    func isInEffect(_ runner: StepRunner) throws(Failure) -> Bool {
        let current = try read(runner)
        if current.isSame(as: change.after) { return true }
        // A new object has no earlier text to be told from: it is there when all that was planned is.
        guard current != nil, change.after != nil, change.before == nil else { return false }
        return try StoredDocument.differences(planned: change.after, stored: current).isEmpty
    }

    func checkOurs(_ runner: StepRunner) throws(Failure) {
        let current = try read(runner)
        if current.isSame(as: runner.stored(subject)) { return }
        // The answer got lost, to the step or to what takes it back.
        let possible = runner.isUnread(subject) ? [change.after, change.before] : []
        for planned in possible where try StoredDocument.differences(planned: planned, stored: current).isEmpty {
            return
        }
        throw changed(isGone: current == nil)
    }

    private func read(_ runner: StepRunner) throws(Failure) -> String? {
        try runner.call(self) { (hypervisor) throws(LibvirtError) in try current(hypervisor) }
    }
}

extension NetworkDocument: DocumentStep {
    func current(_ hypervisor: any Hypervisor) throws(LibvirtError) -> String? {
        try hypervisor.networkXML(change.name)
    }

    func send(_ hypervisor: any Hypervisor) throws(LibvirtError) {
        if let after = change.after {
            try hypervisor.defineNetwork(after)
        } else {
            try hypervisor.undefineNetwork(change.name)
        }
    }
}

extension GuestDocument: DocumentStep {
    func current(_ hypervisor: any Hypervisor) throws(LibvirtError) -> String? { try hypervisor.guestXML(change.uuid) }

    func send(_ hypervisor: any Hypervisor) throws(LibvirtError) {
        if let after = change.after { try hypervisor.defineGuest(after) }
    }
}
