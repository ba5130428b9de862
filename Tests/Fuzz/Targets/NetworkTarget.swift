import Model
import Planning
import SRIOV
import TestSupport
import Text
import XML

/// A network's document: read, edited as a pool, brought in line.
struct NetworkTarget: FuzzTarget {
    private let mutation = MarkupMutation(seeds: FuzzInputs.seeds("network"))

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        mutation.mutated(input, &generator)
    }

    func run(_ input: [UInt8]) throws -> Bool {
        guard let document = try? Document(parsing: input) else { return false }
        try DocumentEdits.check(document)
        guard document.root.name == "network" else { return false }
        _ = NetworkReader.settings(in: document)
        _ = NetworkReader.connections(in: document)
        guard let configuration = NetworkReader.configuration(in: document) else { return true }
        try functions(document, configuration)
        try vlan(document)
        try plans(String(decoding: input, as: UTF8.self), configuration)
        return true
    }

    /// What a pool is told to hand out is what it hands out.
    private func functions(_ document: Document, _ configuration: PoolConfiguration) throws {
        let former = PoolDocument.functions(of: configuration)
        for functions in [former, .addresses(FuzzHost.state.pfs[0].functions.map(\.address)), .pf("eth9"), former] {
            let edited = document.copy()
            guard (try? PoolDocument.set(functions, in: edited)) != nil else { return }
            let again = NetworkReader.configuration(in: try Document(parsing: edited.serialized()))
            let found = again.map(PoolDocument.functions)
            // Without any, it is a list of none.
            try require(
                found == functions || found == .addresses([]) && functions == .pf(""),
                "\(functions) is read as \(String(describing: found)): \(edited.serialized())")
            try require(again?.mark == configuration.mark, "the mark changed with the VFs: \(edited.serialized())")
            try require(again?.portgroups == configuration.portgroups, "portgroups changed with the VFs")
        }
    }

    private func vlan(_ document: Document) throws {
        let edited = document.copy()
        PoolDocument.setVLAN(42, in: edited.root)
        let again = NetworkReader.configuration(in: try Document(parsing: edited.serialized()))
        try require(again?.vlan == 42, "VLAN 42 is read as \(again?.vlan ?? 0): \(edited.serialized())")
    }

    private func plans(_ text: String, _ configuration: PoolConfiguration) throws {
        var state = FuzzHost.state
        for index in state.networks.indices {
            state.networks[index].inactiveXML = text
            state.networks[index].configuration = configuration
        }
        _ = try FuzzHost.asked { try ReconcilePlanner.plan(state) }
        _ = try FuzzHost.asked { try DeletePlanner.plan(state, pool: "vfpool-eth3") }
        var change = SettingsChange()
        change.wanted[.maxRate] = "100"
        let request = SetRequest(target: "vfpool-eth3", settings: SettingsRequest(change, hookIsInstalled: true))
        let plan = try FuzzHost.asked { try SettingsPlanner.plan(state, request) }
        for case .defineNetwork(let step) in plan?.steps ?? [] {
            guard let after = step.after, let document = try? Document(parsing: after),
                let found = NetworkReader.configuration(in: document)
            else { throw Broken("what was planned can't be read: \(step.after ?? "")") }
            try require(found.wanted.general[.maxRate] == "100", "the rate is not there: \(after)")
            // VFs may change with it: those that the mark says are brought in line.
            try require(found.portgroups == configuration.portgroups, "portgroups changed with the rate: \(after)")
            try require(
                configuration.mark == nil || found.mark == configuration.mark,
                "the mark changed with the rate: \(after)")
        }
    }
}
