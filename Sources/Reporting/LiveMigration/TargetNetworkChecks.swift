import Model
import Text

/// What interfaces without a VF need on the target: the halves that stay, and all others.
enum TargetNetworkChecks {
    static func all(_ migration: LiveMigration) -> [Diagnostic] {
        let others = migration.moving.interfaces.filter { !migration.takesFunction($0) }
        return others.compactMap { interface in
            interface.network.map { network($0, interface, migration) } ?? netdev(interface, migration)
        }
    }

    private static func what(_ interface: MovingInterface, _ migration: LiveMigration) -> String {
        "\(interface.title) of guest \(migration.guest.name)\(interface.interface.isPersistentHalf ? ", the persistent half," : "")"
    }

    private static func network(_ name: Name, _ interface: MovingInterface, _ migration: LiveMigration) -> Diagnostic {
        let what = what(interface, migration)
        guard let network = migration.target.state.network(name) else {
            return migration.check(
                .targetNetwork, .fail, "\(what) needs network \(name), which the target does not have",
                hints: ["define it there: `virsh \(shell: migration.there) net-define FILE`"])
        }
        if network.isPool {
            return migration.check(
                .targetNetwork, .fail, "\(what) needs network \(name), which is a pool of VFs on the target",
                hints: ["give the networks the same name and kind on every host"])
        }
        guard network.isActive else {
            return migration.check(
                .targetNetwork, .fail, "\(what) needs network \(name), which is not active on the target",
                hints: ["start it there: `virsh \(shell: migration.there) net-start \(shell: network.word)`"])
        }
        return migration.check(.targetNetwork, .pass, "\(what) finds network \(name) on the target")
    }

    private static func netdev(_ interface: MovingInterface, _ migration: LiveMigration) -> Diagnostic? {
        guard let name = interface.netdev else { return nil }
        let what = what(interface, migration)
        switch migration.target.netdevs {
        case .known(let found) where found.contains(name):
            return migration.check(.targetNetdev, .pass, "\(what) finds \(name) on the target")
        case .known:
            return migration.check(
                .targetNetdev, .fail, "\(what) needs \(name), which the target does not have",
                hints: ["make it there, or point the interface at a network that every host has"])
        case .absent, .unknown:
            return migration.unknown(
                .targetNetdev, migration.target.netdevs.reason ?? "libvirt lists no netdevs there",
                subject: "\(what) needs \(name)")
        }
    }
}

extension MovingInterface {
    /// The bridge or netdev of the host that it names.
    var netdev: Name? {
        switch interface.attachment {
        case .bridge(let name): name
        case .direct(let device, _): device
        default: nil
        }
    }
}
