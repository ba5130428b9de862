import Libvirt
import Model
import Text

/// Does one step at a time: looks whether all is as planned, makes the call, reads the result back.
final class StepRunner {
    let hypervisor: any Hypervisor
    let files: any HostFiles
    /// What libvirt stored for objects that this very change has written: libvirt spells documents its own way, so a
    /// later step on the same object is held against this instead of its planned "before".
    private var stored: [Subject: String] = [:]
    /// Objects whose document was sent, but not yet read back: whether it was stored, and how, is not known.
    private var unread: Set<Subject> = []
    /// Whether the last step came as far as asking libvirt to change something.
    private(set) var isAsked = false

    init(_ hypervisor: any Hypervisor, files: any HostFiles) {
        self.hypervisor = hypervisor
        self.files = files
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
    func stored(_ subject: Subject) -> String? { stored[subject] }

    func isUnread(_ subject: Subject) -> Bool { unread.contains(subject) }

    /// Its document is about to be sent.
    func sends(_ subject: Subject) { unread.insert(subject) }

    /// Its document, as it was read back.
    func found(_ document: String?, for subject: Subject) {
        stored[subject] = document
        unread.remove(subject)
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
