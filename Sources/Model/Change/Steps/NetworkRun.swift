package import SRIOV
package import Text

/// A step that starts or stops a network.
package struct NetworkRun: StepPayload {
    package let network: Name
    package let isStart: Bool

    package init(network: Name, isStart: Bool) {
        self.network = network
        self.isStart = isStart
    }

    package var subject: Subject { .network(network) }
    package var kind: StepRecord.Kind { isStart ? .startNetwork : .stopNetwork }
    package var effect: StepEffect { .change }
    package var action: String { isStart ? "start" : "stop" }
    package var reversed: Step { isStart ? .stopNetwork(network) : .startNetwork(network) }

    package func apply(to state: inout State) {
        guard var changed = state.network(network) else { return }
        changed.isActive = isStart
        if isStart {
            var live = changed.configuration
            live?.addresses = state.startAddresses(changed)
            changed.live = live
            changed.ports = state.supportsPorts ? [] : nil
        } else {
            changed.live = nil
            changed.ports = changed.ports.map { _ in [] }
        }
        state.replace(changed)
    }
}

extension State {
    /// What libvirt will find when it starts the network: a PF's functions, or the list.
    package func startAddresses(_ network: NetworkState) -> [PCIAddress] {
        guard let configuration = network.configuration else { return [] }
        guard let name = configuration.pfName else { return configuration.addresses }
        return pfs.first { $0.netdev == name || $0.otherNetdevs.contains(name) }?.functions.map(\.address) ?? []
    }
}
