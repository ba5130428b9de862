package import Text

/// A step that says whether libvirt starts a network when the host boots.
package struct NetworkAutostart: StepPayload {
    package let network: Name
    package let on: Bool

    package init(network: Name, on: Bool) {
        self.network = network
        self.on = on
    }

    package var subject: Subject { .network(network) }
    package var kind: StepRecord.Kind { .setAutostart }
    package var effect: StepEffect { .change }
    package var action: String { on ? "start at boot" : "do not start at boot" }
    package var reversed: Step { .setAutostart(network: network, !on) }

    package func write(to record: inout StepRecord, _ files: inout StepFiles) { record.autostart = on }

    package func apply(to state: inout State) {
        guard var changed = state.network(network) else { return }
        changed.autostart = on
        state.replace(changed)
    }
}
