package import Model
package import SRIOV
import Text

extension Host {
    /// The PF that a person named, by any word that `DeviceNames` knows.
    ///
    /// - Parameter makesPool: whether that is what it is for, so that a hint can say how.
    /// - Throws: `no-such-device`, `not-network-device`, `not-sriov-capable`, `is-virtual-function`, each with a hint.
    package func pf(
        _ name: String, in state: State, makesPool: Bool = false
    ) throws(Failure) -> PhysicalFunction {
        let names = state.deviceNames
        let found = names.pfs(Name(name))
        let matches = state.pfs.filter { found.contains($0.address) }
        if let pf = matches.first {
            guard matches.count == 1 else {
                throw Self.failure(
                    SRIOVError(.ambiguous(matches.map { $0.title.string }), subject: name), state, makesPool)
            }
            return pf
        }
        if let pf = names.functions(Name(name)).first.flatMap(state.pf) {
            throw Self.failure(
                SRIOVError(.isVirtualFunction(pf: pf.title.string), subject: name), state, makesPool)
        }
        guard isLocal else { throw Self.failure(SRIOVError(.noSuchDevice, subject: name), state, makesPool) }
        // The host's own files say why it is none.
        do throws(SRIOVError) {
            let found = try sysfs.physicalFunction(name)
            return state.pfs.first { $0.address == found.address } ?? found
        } catch {
            throw Self.failure(error, state, makesPool)
        }
    }

    /// The PCI address of the PF that a person named. - Throws: as `pf` does.
    package func pfAddress(_ name: String, in state: State) throws(Failure) -> String {
        try pf(name, in: state).address.description
    }

    private static func failure(_ error: SRIOVError, _ state: State, _ makesPool: Bool) -> Failure {
        let names = state.pfs.compactMap(\.netdev)
        let known: Hint =
            names.isEmpty
            ? "this host has no SR-IOV PF"
            : "PFs here: \(text: Words.list(names, most: 12))"
        switch error.kind {
        case .noSuchDevice:
            return Failure(.noSuchDevice, "there is no network device \(error.subject)", hints: [known])
        case .notNetwork:
            return Failure(.notNetworkDevice, "\(error.subject) is not a network device", hints: [known])
        case .notCapable:
            return Failure(
                .notCapable, "\(error.subject) can't have virtual functions",
                cause: "its driver or the card offers no SR-IOV (no sriov_totalvfs in sysfs)",
                hints: [known, "some cards need SR-IOV enabled in their firmware, and the mainboard's"])
        case .functionWithoutPort:
            return Failure(
                .isVirtualFunction, "\(error.subject) is itself a virtual function, and its PF is not on this host",
                cause: "a machine that is a guest itself, or a part of a larger one, is given VFs without their PF",
                hints: ["a pool needs the PF; a guest can have this VF as it is, pinned in its document", known])
        case .isVirtualFunction(let pf):
            return Failure(
                .isVirtualFunction, "\(error.subject) is itself a virtual function, of \(pf)",
                hints: [
                    makesPool ? "make the pool of its PF: `vfpool create \(shell: pf)`" : "name its PF: \(text: pf)"
                ])
        case .isRepresentor(let pf):
            return Failure(
                .isRepresentor,
                "\(error.subject) is a representor: the other end of a VF at the switch of \(pf), not a PF",
                cause: "\(pf) is in switchdev mode",
                hints: [
                    makesPool ? "make the pool of the PF: `vfpool create \(shell: pf)`" : "name its PF: \(text: pf)"
                ])
        case .isUpper(let kind, let pfs):
            let words = ["bridge": "a bridge", "bond": "a bond", "vlan": "a VLAN", "other": "made of other netdevs"]
            return Failure(
                .notCapable, "\(error.subject) is \(words[kind] ?? "a \(kind)"), not a PF",
                hints: pfs.isEmpty
                    ? ["no PF is below it", known]
                    : pfs.map { pf in
                        makesPool
                            ? "make the pool of the PF below it: `vfpool create \(shell: pf)`"
                            : "name the PF below it: \(text: pf)"
                    })
        case .ambiguous(let candidates):
            return Failure(
                .noSuchDevice, "\(error.subject) could be \(candidates.joined(separator: " or "))",
                hints: ["name one of them"])
        case .unreadable(let reason): return Failure(.unreadable, "could not look for \(error.subject)", reason)
        }
    }
}
