import XML

/// A step that makes, redefines or removes a network's persistent document.
package struct NetworkDocument: StepPayload {
    package let change: DocumentChange

    package init(change: DocumentChange) { self.change = change }

    package var subject: Subject { .network(change.name) }
    package var kind: StepRecord.Kind { change.after == nil ? .undefineNetwork : .defineNetwork }
    package var documentChange: DocumentChange? { change }
    package var effect: StepEffect { change.after == nil ? .remove : change.before == nil ? .add : .change }

    package var action: String {
        change.after == nil ? "undefine" : change.before == nil ? "define" : "redefine"
    }

    package var reversed: Step {
        change.before == nil ? .undefineNetwork(change.reversed) : .defineNetwork(change.reversed)
    }

    package func write(to record: inout StepRecord, _ files: inout StepFiles) {
        files.keep(change, as: "network", in: &record)
    }

    package func apply(to state: inout State) throws(Failure) {
        guard let after = change.after else {
            state.networks.removeAll { $0.name == change.name }
            return
        }
        let (configuration, settings) = try readable("network \(change.name)") { () throws(XMLError) in
            let document = try Document(parsing: after)
            return (NetworkReader.configuration(in: document), NetworkReader.settings(in: document))
        }
        var network =
            state.network(change.name)
            ?? NetworkState(
                name: change.name, uuid: change.uuid, isActive: false, isPersistent: true, autostart: false,
                inactiveXML: after, ports: state.supportsPorts ? [] : nil)
        network.isPersistent = true
        network.inactiveXML = after
        network.configuration = configuration
        network.settings = settings
        state.replace(network)
    }
}
