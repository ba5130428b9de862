import Libvirt
import Model
import Text

/// Does one step at a time: looks whether all is as planned, makes the call, reads the result back.
final class StepRunner {
    /// What libvirt has of the objects that this very change has written.
    struct Written: Sendable {
        /// What it stored: it spells documents its own way, so a later step on the same object is held against this instead
        /// of its planned "before".
        fileprivate var stored: [Subject: String] = [:]
        /// Objects whose document was sent, but not yet read back: whether it was stored, and how, is not known.
        fileprivate var unread: Set<Subject> = []
    }

    let hypervisor: any Hypervisor
    let files: any HostFiles
    private(set) var written: Written
    /// UUIDs of the ports of networks that have some, just listed for many steps; nil: each is asked for.
    let ports: [Name: Set<Name>]?
    /// Whether the last step came as far as asking libvirt to change something.
    private(set) var isAsked = false

    /// - Parameter written: what earlier steps of the change have written.
    init(
        _ hypervisor: any Hypervisor, files: any HostFiles, written: Written = Written(),
        ports: [Name: Set<Name>]? = nil
    ) {
        self.hypervisor = hypervisor
        self.files = files
        self.written = written
        self.ports = ports
    }

    /// Takes over what a runner beside this one has found of an object.
    func adopt(_ other: Written, of subject: Subject) {
        written.stored[subject] = other.stored[subject]
        if other.unread.contains(subject) { written.unread.insert(subject) } else { written.unread.remove(subject) }
    }

    /// - Throws: `changed-meanwhile` when the object is not what the plan was made from.
    func check(_ step: Step) throws(Failure) { try step.performed.check(self) }

    func perform(_ step: Step) throws(Failure) {
        isAsked = false
        try step.performed.perform(self)
    }

    /// Reads the step's result back.
    ///
    /// - Returns: the document as libvirt stored it, for steps that write one.
    /// - Throws: `verify-failed` when something planned is not there.
    func verify(_ step: Step) throws(Failure) -> String? { try step.performed.verify(self) }

    /// Takes a step back, unless it never took effect or is already back.
    ///
    /// - Returns: whether there was something to take back.
    func reverse(_ step: Step) throws(Failure) -> Bool {
        let back = step.reversed
        if try step.performed.isMoot(self) { return false }
        if try back.performed.isInEffect(self) { return false }
        try step.performed.checkOurs(self)
        try perform(back)
        _ = try verify(back)
        return true
    }

    // MARK: For the steps

    /// What libvirt stored of it in this change; nil where this change has not written it.
    func stored(_ subject: Subject) -> String? { written.stored[subject] }

    func isUnread(_ subject: Subject) -> Bool { written.unread.contains(subject) }

    /// Its document is about to be sent.
    func sends(_ subject: Subject) { written.unread.insert(subject) }

    /// Its document, as it was read back.
    func found(_ document: String?, for subject: Subject) {
        written.stored[subject] = document
        written.unread.remove(subject)
    }

    /// UUIDs of the ports of those of the networks that have some.
    func ports(of networks: [Name], for step: Step) throws(Failure) -> [Name: Set<Name>] {
        var ports: [Name: Set<Name>] = [:]
        do throws(LibvirtError) {
            for network in networks { ports[network] = try hypervisor.portUUIDs(network) }
        } catch {
            throw Failure("could not \(step.action): \(step.subject)", error)
        }
        return ports
    }

    /// A call that changes something.
    func ask<T>(
        _ step: some StepPayload, _ body: (any Hypervisor) throws(LibvirtError) -> T
    ) throws(Failure) -> T {
        isAsked = true
        return try call(step, body)
    }

    func call<T>(
        _ step: some StepPayload, _ body: (any Hypervisor) throws(LibvirtError) -> T
    ) throws(Failure) -> T {
        do throws(LibvirtError) {
            return try body(hypervisor)
        } catch {
            throw Failure("could not \(step.action): \(step.subject)", error)
        }
    }
}
