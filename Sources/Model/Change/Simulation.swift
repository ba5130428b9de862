import SRIOV
import XML

extension State {
    /// The picture as it will be when these steps are done: what later steps of the same plan are made from.
    package func after(_ items: [Plan.Item]) throws(Failure) -> State {
        var state = self
        try state.apply(items)
        return state
    }

    package mutating func apply(_ items: [Plan.Item]) throws(Failure) {
        for item in items { try item.step.payload.apply(to: &self) }
    }

    /// What a guest's document takes, in the light of this host's functions.
    package func devices(_ xml: String, of subject: String) throws(Failure) -> GuestDevices {
        let known = functionAddresses
        return try readable(subject) { () throws(XMLError) in
            try GuestReader.devices(in: Document(parsing: xml, only: GuestReader.part), functions: known)
        }
    }
}
