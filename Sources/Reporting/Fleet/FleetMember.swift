package import Fleet
package import Text

/// What the checks of a fleet need of one host: its pools and guests, from the document that `status` makes of it.
package struct FleetMember: Sendable {
    package struct Pool: Sendable {
        var name: Name
        var uuid: Name?
        var isActive: Bool
        /// VFs that a guest could get, at most: what the host does with some may not be known.
        var free: Int
        /// What a guest takes with it, in words: its VLAN, portgroups and VF settings.
        var settings: [Name: Name]
        /// Of its PFs.
        var drivers: Set<Name>
    }

    package struct Guest: Sendable {
        var name: Name
        var uuid: Name
        var isActive: Bool
        /// Whether it is the half of a live migration that does not run.
        var isPausedForMigration: Bool
        var macs: Set<Name>
        /// How many VFs of which pools it needs where it goes.
        var needs: [Name: Int]
    }

    package let host: Name
    var pools: [Pool]
    var guests: [Guest]
    /// By which it is known again under another name: its cards, and what libvirt gave UUIDs to.
    var identity: Set<Name>

    /// The fields of that document that are read.
    package static let fields: Set<Name> = [
        "pools", "ports", "guests", "name", "address", "configuration", "status", "uuid", "vlan", "driverModel",
        "iommufd", "portgroups",
        "default", "settings", "trust", "spoofCheck", "maxRate", "minRate", "linkState", "vlanQoS", "vlanProtocol",
        "active", "pausedForMigration",
        "functions", "use", "unknown", "hostUse", "permanentMAC", "driver", "interfaces", "mac", "kind",
    ]

    /// - Parameter status: the document of `status`.
    package init(_ host: Name, _ status: JSONValue) {
        self.host = host
        let ports = status["ports"].items
        pools = status["pools"].items.compactMap { Pool($0, ports) }
        guests = status["guests"].items.compactMap(Guest.init)
        identity = Set(
            ports.compactMap { port in
                port["configuration"]["permanentMAC"].text.map { "card \(port["address"].text ?? "") \($0)" }
            } + pools.compactMap { pool in pool.uuid.map { "pool \($0)" } }
                + guests.map { "guest \($0.uuid) \($0.isActive)" })
    }
}

extension FleetMember.Pool {
    init?(_ pool: JSONValue, _ ports: [JSONValue]) {
        guard let name = pool["name"].text else { return nil }
        let configuration = pool["configuration"]
        self.name = name
        uuid = configuration["uuid"].text
        isActive = pool["status"]["active"].flag ?? false
        free = pool["status"]["functions"].items.count { function in
            function["use"].text == "free" || function["unknown"]["hostUse"].text != nil
        }
        settings = FleetPoolSettings.words(configuration)
        drivers = Set(
            ports.filter { $0["configuration"]["pools"].texts.contains(name) }.compactMap {
                $0["status"]["driver"].text
            })
    }
}

extension FleetMember.Guest {
    init?(_ guest: JSONValue) {
        guard let name = guest["name"].text, let uuid = guest["configuration"]["uuid"].text else { return nil }
        let interfaces = guest["interfaces"].items
        self.name = name
        self.uuid = uuid
        isActive = guest["status"]["active"].flag ?? false
        isPausedForMigration = guest["status"]["pausedForMigration"].flag ?? false
        macs = Set(interfaces.compactMap { $0["mac"].text })
        needs = [:]
        // What it has now moves with it; of one that is off, what its next start needs.
        for interface in interfaces {
            let now = interface[isActive ? "status" : "configuration"]
            guard now["kind"].text == "pool", let pool = now["name"].text else { continue }
            needs[pool, default: 0] += 1
        }
    }
}
