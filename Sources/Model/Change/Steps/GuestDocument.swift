/// A step that redefines a guest's persistent document.
package struct GuestDocument: StepPayload {
    package let change: DocumentChange

    package init(change: DocumentChange) { self.change = change }

    package var subject: Subject { .guest(change.name) }
    package var kind: StepRecord.Kind { .defineGuest }
    package var documentChange: DocumentChange? { change }
    package var effect: StepEffect { .change }
    package var action: String { "redefine" }
    package var reversed: Step { .defineGuest(change.reversed) }

    package func write(to record: inout StepRecord, _ files: inout StepFiles) {
        files.keep(change, as: "guest", in: &record)
    }

    package func apply(to state: inout State) throws(Failure) {
        guard var guest = state.guest(uuid: change.uuid), let after = change.after else { return }
        guest.inactiveXML = after
        guest.devices = try state.devices(after, of: "guest \(change.name)")
        state.replace(guest)
    }
}
