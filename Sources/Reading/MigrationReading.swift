import Libvirt
package import Model
import SRIOV
import Text

extension Host {
    /// What a migration needs to know besides: who has snapshots, and where a MAC is known to nobody else, what the
    /// running guest's own agent says.
    ///
    /// - Parameter guests: whose agents are to be asked, by their UUIDs.
    package func completed(_ state: State, asking guests: (State) -> [String]) throws(Failure) -> State {
        var state = state
        let connection = connection
        do throws(LibvirtError) {
            state.snapshotGuests = Set(try connection.domains(.snapshot).map(\.uuid))
            guard !isReadOnly else { return state }
            let asked = guests(state)
            let answers = try connection.inParallel(asked, width: 8) { (uuid) throws(LibvirtError) -> [MACAddress]? in
                do throws(LibvirtError) {
                    return try connection.domain(uuid: uuid).agentInterfaces()
                        .filter { !Self.isMadeInside($0.name) }.compactMap { MACAddress($0.mac) }
                } catch  where !error.connectionLost {
                    // No agent, or none that answers: then the MAC is not known from there.
                    return nil
                }
            }
            for (uuid, answer) in zip(asked, answers) { state.agentMACs[uuid] = answer }
        } catch {
            throw Failure("could not read the host", error)
        }
        return state
    }

    /// Interfaces that a guest makes for itself, by the names that their makers give them: none is a VF.
    private static func isMadeInside(_ name: String) -> Bool {
        let prefixes = [
            "docker", "br-", "virbr", "veth", "cni", "flannel", "cali", "lxc", "tun", "tap", "vnet", "podman",
        ]
        return prefixes.contains { name.hasPrefix(bytes: $0) } || name == "lo" || name.contains(bytes: ".")
            || name.contains(bytes: "@")
    }
}
