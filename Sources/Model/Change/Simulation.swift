import SRIOV
import XML

extension State {
    /// The picture as it will be when these steps are done: what later steps of the same plan are made from.
    package func after(_ items: [Plan.Item]) throws(Failure) -> State {
        var state = self
        for item in items { try item.step.payload.apply(to: &state) }
        return state
    }

    /// What a guest's document takes, in the light of this host's functions.
    package func devices(_ xml: String, of subject: String) throws(Failure) -> GuestDevices {
        let known = Set(functions.map(\.address))
        return try readable(subject) { () throws(XMLError) in
            try GuestReader.devices(in: Document(parsing: xml, only: GuestReader.part), functions: known)
        }
    }
}
