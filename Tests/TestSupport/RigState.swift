import Text

/// A rig's guests, networks and PFs as they are: from libvirt, live and configured, and from the pretend kernel.
package struct RigState: Decodable, Sendable {
    package struct NIC: Decodable, Sendable, Equatable {
        /// `pinned` (`<interface type='hostdev'>`, and what a running guest's pooled NIC looks like), `hostdev`,
        /// `network`, `bridge`, `macvtap`.
        package var attached: String
        package var mac: String?
        package var network: String?
        /// The PCI address of the host's device, `0000:03:10.0`.
        package var vf: String?
        package var alias: String?
        package var guestAddress: String?
    }

    package struct Guest: Decodable, Sendable {
        package var name: String
        package var uuid: String
        package var running: Bool
        /// Empty when it is shut off.
        package var live: [NIC]
        package var config: [NIC]
    }

    /// A network's port: a guest's claim on a VF, or a reservation.
    package struct Claim: Decodable, Sendable {
        package var uuid: String
        package var owner: String?
        package var ownerUUID: String?
        package var mac: String?
        package var vf: String?
    }

    package struct Network: Decodable, Sendable {
        package var name: String
        package var uuid: String
        package var active: Bool
        package var persistent: Bool
        /// The VFs that the running network hands out.
        package var listed: [String]
        /// Those that its next start will; nil for all of its PF's.
        package var next: [String]?
        package var ports: [Claim]
    }

    package struct VF: Decodable, Sendable {
        package var index: Int
        package var address: String
        package var driver: String?
        package var netdev: String?
        package var group: Int?
        /// What the PF's VF table says: all zero until somebody sets it.
        package var mac: String
        package var vlan: Int
    }

    package struct PF: Decodable, Sendable {
        package var name: String
        package var address: String
        /// The burnt-in one.
        package var mac: String
        package var vfs: [VF]
    }

    package var guests: [Guest]
    package var networks: [Network]
    package var pfs: [PF]

    package func guest(_ name: String) -> Guest? { guests.first { $0.name.isSame(as: name) } }
    package func network(_ name: String) -> Network? { networks.first { $0.name.isSame(as: name) } }
    package func pf(_ name: String) -> PF? { pfs.first { $0.name == name } }

    /// What is wrong with it: a VF with two holders; a claim on a VF that another guest holds; a VF whose MAC is not the
    /// one of the guest that holds it; a guest whose MACs, live or configured, are not those that it must have.
    package func problems(macs expected: [String: [String]] = [:]) -> [String] {
        var problems: [String] = []
        var holders: [String: String] = [:]
        let table = Dictionary(uniqueKeysWithValues: pfs.flatMap { $0.vfs.map { ($0.address, $0) } })
        for guest in guests where guest.running {
            for nic in guest.live {
                guard let vf = nic.vf else { continue }
                if let other = holders.updateValue(guest.name, forKey: vf) {
                    problems.append("VF \(vf) is held by \(other) and by \(guest.name)")
                }
                guard let row = table[vf] else {
                    problems.append("\(guest.name) holds \(vf), which is no VF")
                    continue
                }
                if let mac = nic.mac, row.mac != mac {
                    problems.append("VF \(vf) of \(guest.name) has the MAC \(row.mac), not \(mac)")
                }
            }
        }
        var claimed: [String: String] = [:]
        for network in networks {
            for port in network.ports {
                guard let vf = port.vf, let owner = port.owner else { continue }
                if let holder = holders[vf], holder != owner {
                    problems.append("\(network.name) has VF \(vf) as \(owner)'s, but \(holder) holds it")
                }
                if let other = claimed.updateValue(network.name, forKey: vf) {
                    problems.append("VF \(vf) is claimed in \(other) and in \(network.name)")
                }
            }
        }
        for (name, macs) in expected.sorted(by: { $0.key < $1.key }) {
            guard let guest = guest(name) else {
                problems.append("there is no guest \(name)")
                continue
            }
            for (kind, nics) in [("config", guest.config)] + (guest.running ? [("live", guest.live)] : []) {
                let found = nics.map { $0.mac ?? "none" }
                if found.sorted() != macs.sorted() {
                    problems.append("\(name)'s MACs (\(kind)) are \(found), not \(macs)")
                }
            }
        }
        return problems
    }
}
