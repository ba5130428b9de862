// What is said on a rig's line. `Tests/Rig/machine.py` and `kernel.py` are the other side.

extension RigChannel {
    struct Start: Decodable {
        var folder: String
        var run: String
        /// Where libvirt is asked for guests, on the host.
        var socket: String
    }

    /// An answer that says no more than that it is done.
    struct Done: Decodable, Sendable {}

    struct Request: Encodable, Sendable {
        var `do`: String
        var action: String?
        var name: String?
        var request: KernelRequest?
    }

    struct KernelRequest: Encodable, Sendable {
        var `do`: String
        var pf: String?
        var vf: Int?
        var count: Int?
        var to: String?
        var mac: String?
        var up: Bool?
        var carrier: Bool?
        var by: RigUse?
    }

    struct KernelState: Decodable, Sendable {
        var pfs: [RigState.PF]
    }

    struct Reboot<VFs: Encodable & Sendable>: Encodable, Sendable {
        var `do` = "reboot"
        var vfs: VFs
    }

    struct Provide: Encodable, Sendable {
        var `do` = "provide"
        var networks: [RigNetwork]
        var guests: [RigGuest]
    }

    struct CueRequest: Encodable, Sendable {
        var `do` = "cue"
        var guest: String
        var cue: Rig.Cue
    }

    struct PFRequest: Encodable, Sendable {
        var `do` = "port"
        var network: String
        var xml: String
        var flags: Int
    }

    struct SlowLink: Encodable, Sendable {
        var `do` = "slow-link"
        var name: String
        var seconds: Double
        var answer: Int
    }

    /// The description that `Tests/Rig/rig` reads.
    struct Host: Encodable {
        var name = "rig"
        var pfs: [RigPF] = []
        var networks: [RigNetwork] = []
        var guests: [RigGuest] = []
        var iommu = true
        var daemon = true
        var daemons: String?
        var patience: Double?
        var files: [String: RigFile] = [:]
        var sysfs: [String: RigSysfs] = [:]

        mutating func add(_ part: RigPart) {
            switch part {
            case .pf(let pf): pfs.append(pf)
            case .network(let network): networks.append(network)
            case .guest(let guest): guests.append(guest)
            case .noIOMMU: iommu = false
            case .noDaemon: daemon = false
            case .daemons(let kind, let patience): (daemons, self.patience) = (kind, patience)
            case .named(let name): self.name = name
            case .hostFile(let path, let file): files[path] = file
            case .laidOver(let what, let says): sysfs[what] = says
            }
        }
    }
}
