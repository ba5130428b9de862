import Libvirt
import SRIOV
import TestSupport
import Text

@testable import Model
@testable import Reporting

/// Every check of a live migration, failing; and where it can fail in several ways, each of them.
extension LiveMigrationCase {
    static let all = guest + pairs + transfer + versions + host + pool + room + vlan + functions + networks

    static let guest = [
        LiveMigrationCase(.guestRunning, .note, "shut off", runs: false),
        LiveMigrationCase(.guestPersistent, .note, "transient", source: { $0.state.guests[0].isPersistent = false }),
        LiveMigrationCase(
            .hostDevices, .fail, "pci 0000:06:00.0: QEMU 7.2.0", runs: false,
            extra:
                "<hostdev mode='subsystem' type='pci'><source><address bus='6' slot='0' function='0'/></source></hostdev>"
        ),
        LiveMigrationCase(
            .hostDevices, .fail, "mdev: libvirt 8.5.0", extra: "<hostdev mode='subsystem' type='mdev'/>",
            source: { $0.state.libvirtVersion = version(8, 5) }),
        LiveMigrationCase(
            .hostDevices, .unknown, "scsi", extra: "<hostdev mode='subsystem' type='scsi'/>"),
        LiveMigrationCase(
            .hostDevices, .fail, "scsi: QEMU 5.2.0", extra: "<hostdev mode='subsystem' type='scsi'/>",
            source: { $0.emulator = .known(version(5, 2)) }),
    ]

    private static let place = "<address type='pci' domain='0x0000' bus='0x09' slot='0x00' function='0x0'/>"

    static let pairs = [
        LiveMigrationCase(.pair, .fail, "not in a failover pair: QEMU 7.2.0", nics: [alone]),
        LiveMigrationCase(.pair, .fail, "not in a failover pair: QEMU 7.2.0", nics: [.pin("eth3", 0)]),
        LiveMigrationCase(
            .pair, .fail, "only at the guest's next start", nics: [.network("vfpool-eth3")],
            source: { end in
                // As `bind --failover` leaves a running guest.
                let mac = end.state.guests[0].interfaces[0].mac
                end.state.guests[0].interfaces[0].isTeamed = true
                end.state.guests[0].interfaces[0].partner = "ua-backup"
                end.state.guests[0].interfaces.append(
                    GuestInterface(
                        index: 1, path: "", mac: mac, alias: "ua-backup", attachment: .bridge("br0"), isTeamed: true,
                        isPersistentHalf: true))
            }),
        LiveMigrationCase(.pair, .fail, "it names no other half", nics: [persistent(), transient(partner: "")]),
        LiveMigrationCase(
            .pair, .fail, "no interface ua-gone", nics: [persistent(), transient(partner: " persistent='ua-gone'")]),
        LiveMigrationCase(
            .pair, .fail, "is not marked as the persistent half", nics: [persistent(teaming: ""), transient()]),
        LiveMigrationCase(
            .pair, .fail, "the name net7 is libvirt's own",
            nics: [persistent(alias: "net7"), transient(partner: " persistent='net7'")]),
        LiveMigrationCase(
            .pair, .fail, "ua-backup is e1000", nics: [persistent(model: "<model type='e1000'/>"), transient()]),
        LiveMigrationCase(.pair, .fail, "ua-backup is of no model", nics: [persistent(model: ""), transient()]),
        LiveMigrationCase(
            .pair, .fail, "another MAC, 52:54:00:aa:00:09", nics: [persistent("52:54:00:aa:00:09"), transient()]),
        LiveMigrationCase(
            .pair, .fail, "can't be unplugged (pcie-to-pci-bridge)",
            nics: [persistent(), transient(inside: place)],
            extra: "<controller type='pci' index='9' model='pcie-to-pci-bridge'/>"),
        LiveMigrationCase(
            .pair, .fail, "can't be unplugged (pcie-root-port with hotplug off)",
            nics: [persistent(), transient(inside: place)],
            extra: "<controller type='pci' index='9' model='pcie-root-port'><target hotplug='off'/></controller>"),
        LiveMigrationCase(
            .pair, .note, "is without its VF now",
            source: { $0.state.guests[0].liveInterfaces.removeAll { $0.isTeamed && !$0.isPersistentHalf } }),
        LiveMigrationCase(
            .pair, .warn, "plain hostdev", nics: [persistent(), plainHalf]),
        LiveMigrationCase(
            .pair, .warn, "from its next start on",
            source: { end in
                let index = end.state.guests[0].interfaces.firstIndex { $0.isTeamed && !$0.isPersistentHalf } ?? 0
                end.state.guests[0].interfaces[index].isTeamed = false
            }),
    ]

    /// A plain hostdev of VF 0 that is half of a pair.
    static let plainHalf = PretendNIC.xml(
        "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x03' slot='0x10' function='0x0'/></source><teaming type='transient' persistent='ua-backup'/></hostdev>"
    )

    /// VFs that a guest has by a driver that can hand over what is inside.
    static let mellanox: OfHost = { host in
        for index in host.pfs[0].functions.indices { host.pfs[0].functions[index].driver = "mlx5_vfio_pci" }
    }

    static let off = VFMigration(bestDriver: "mlx5_vfio_pci", isAllowed: false, port: "pci/0000:03:00.0/1")

    /// Libvirt and QEMU that can, and a card that lets it.
    static func ready(
        _ end: inout LiveMigrationHost,
        _ migration: VFMigration = VFMigration(bestDriver: "mlx5_vfio_pci", isAllowed: true)
    ) {
        end.emulator = .known(version(9, 0))
        end.state.libvirtVersion = version(10, 0)
        end.migration = DoctorCase.all(migration)
    }

    /// Without a pair: from libvirt 8.6 with QEMU 8.1 on, it is the VF's driver that decides.
    static let transfer = [
        LiveMigrationCase(
            .pair, .fail, "libvirt 8.5.0 moves", nics: [alone], target: { $0.state.libvirtVersion = version(8, 5) }),
        LiveMigrationCase(
            .pair, .fail, "vfio-pci can't transfer the state", nics: [alone],
            source: { $0.emulator = .known(version(8, 1)) },
            target: { $0.emulator = .known(version(8, 1)) }),
        LiveMigrationCase(
            .pair, .fail, "on the target, VFIO driver vfio-pci", nics: [alone], prepare: mellanox,
            source: { ready(&$0) }, target: { ready(&$0, VFMigration(bestDriver: "vfio-pci")) }),
        LiveMigrationCase(
            .pair, .fail, "devlink has `migratable` off", nics: [alone], prepare: mellanox,
            source: { ready(&$0, off) }, target: { ready(&$0) }),
        LiveMigrationCase(
            .pair, .fail, "on the target, the card does not", nics: [alone], prepare: mellanox,
            source: { ready(&$0) }, target: { ready(&$0, off) }),
        LiveMigrationCase(
            .pair, .fail, "mlx5_vfio_pci here and pds_vfio_pci on the target", nics: [alone], prepare: mellanox,
            source: { ready(&$0) },
            target: { end in
                ready(&end, VFMigration(isOffered: true, bestDriver: "pds_vfio_pci"))
                for index in 0..<4 { end.state.pfs[0].functions[index].driver = "pds_vfio_pci" }
            }),
        LiveMigrationCase(
            .pair, .unknown, "whether its driver mlx5_vfio_pci", nics: [alone], prepare: mellanox,
            source: { ready(&$0, VFMigration()) }, target: { ready(&$0) }),
        LiveMigrationCase(
            .pair, .unknown, "whether the target can: the host is another machine", nics: [alone],
            prepare: mellanox, source: { ready(&$0) },
            target: { end in
                ready(&end)
                end.migration = .unknown(HostFacts.elsewhere)
            }),
        LiveMigrationCase(
            .pair, .unknown, "which VFIO driver", nics: [alone], runs: false,
            source: { ready(&$0, VFMigration()) }, target: { ready(&$0) }),
        LiveMigrationCase(
            .pair, .unknown, "no QEMU there", nics: [alone], source: { $0.emulator = .known(version(8, 1)) },
            target: { $0.emulator = .unknown("no QEMU there") }),
    ]

    static let versions = [
        LiveMigrationCase(
            .sourceLibvirt, .fail, "6.0.0 knows no pairs", source: { $0.state.libvirtVersion = version(6, 0) }),
        LiveMigrationCase(
            .sourceLibvirt, .fail, "7.0.0 knows no pairs of plain hostdevs", nics: [persistent(), plainHalf],
            source: { $0.state.libvirtVersion = version(7, 0) }),
        LiveMigrationCase(
            .targetLibvirt, .fail, "6.0.0 knows no pairs", target: { $0.state.libvirtVersion = version(6, 0) }),
        LiveMigrationCase(.targetLibvirt, .warn, "crashes", target: { $0.state.libvirtVersion = version(12, 1) }),
        LiveMigrationCase(
            .targetLibvirt, .unknown, "does not give its version", target: { $0.state.libvirtVersion = nil }),
        LiveMigrationCase(.sourceQEMU, .fail, "QEMU 4.1.0", source: { $0.emulator = .known(version(4, 1)) }),
        LiveMigrationCase(.targetQEMU, .fail, "QEMU 4.1.0", target: { $0.emulator = .known(version(4, 1)) }),
        LiveMigrationCase(.targetQEMU, .unknown, "is not QEMU", target: { $0.emulator = .unknown("it is not QEMU") }),
    ]

    static let host = [
        LiveMigrationCase(.targetHost, .fail, "where guest vm1 is now", target: { $0.state.uri = "qemu:///system" }),
        LiveMigrationCase(
            .targetHost, .fail, "takes them for one", target: { $0.uuid = .known(PretendHost.uuid(1)) }),
        LiveMigrationCase(.targetHost, .unknown, "no UUID", target: { $0.uuid = .unknown("no UUID") }),
        LiveMigrationCase(
            .targetGuest, .fail, "another guest vm1",
            targetHost: { host in
                try host.addGuest("first", [])
                try host.addGuest("vm1", [])
            }),
        LiveMigrationCase(.targetGuest, .fail, "under the name old", targetHost: { try $0.addGuest("old", []) }),
        LiveMigrationCase(
            .targetGuest, .fail, "runs on the target already", targetHost: { try $0.addGuest("vm1", [], running: true) }
        ),
        LiveMigrationCase(
            .targetGuest, .fail, "is being migrated to the target",
            targetHost: { host in
                try host.addGuest("vm1", [], running: true)
                for uuid in host.guests.keys { host.guests[uuid]?.isPausedForMigration = true }
            }),
        LiveMigrationCase(.targetGuest, .note, "shut off", targetHost: { try $0.addGuest("vm1", []) }),
        LiveMigrationCase(
            .targetMAC, .fail, "guest thief",
            targetHost: { host in
                try host.addGuest("first", [])
                try host.addGuest("thief", [persistent()])
            },
            target: { $0.state.guests.removeAll { $0.name == "first" } }),
    ]

    static let pool = [
        LiveMigrationCase(
            .targetPool, .fail, "no pool vfpool-eth3",
            target: { $0.state.networks.removeAll { $0.name == "vfpool-eth3" } }),
        LiveMigrationCase(.targetPool, .fail, "not a pool", target: { $0.pool { $0.configuration = nil } }),
        LiveMigrationCase(
            .targetPool, .note, "did not make pool", target: { $0.pool { $0.configuration?.mark = nil } }),
        LiveMigrationCase(.targetPoolActive, .fail, "not active", target: { $0.pool { $0.isActive = false } }),
        LiveMigrationCase(
            .targetPoolSettings, .fail, "trunk", target: { $0.pool { $0.configuration?.hasTrunk = true } }),
        LiveMigrationCase(
            .targetPortgroup, .fail, "no portgroup dmz", target: { $0.pool { $0.live?.portgroups.removeFirst() } }),
        LiveMigrationCase(.targetPF, .fail, "is down", target: { $0.state.pfs[0].isUp = false }),
        LiveMigrationCase(
            .targetPF, .fail, "or has no link",
            target: { end in
                end.state.isLocal = false
                end.state.pfs[0].isUp = false
            }),
        LiveMigrationCase(.targetPF, .unknown, "whether eth3 is up", target: { $0.state.pfs[0].isUp = nil }),
        LiveMigrationCase(
            .targetPF, .fail, "another card",
            target: { $0.state.pfs[0].permanentMAC = MACAddress("02:00:00:00:00:99") }),
        LiveMigrationCase(.targetPF, .fail, "not on the target", target: { $0.state.pfs = [] }),
    ]

    static let room = [
        LiveMigrationCase(
            .targetFreeVFs, .fail, "no free VF for 1 interface",
            targetHost: { host in
                try host.addGuest("first", [])
                for index in 0..<4 {
                    try host.addGuest("full\(index)", [.network("vfpool-eth3")], running: true)
                }
            }),
        LiveMigrationCase(
            .targetFreeVFs, .fail, "1 free VF for 2 interfaces",
            nics: [
                persistent(), transient(), persistent("52:54:00:aa:00:03", alias: "ua-second"),
                transient("52:54:00:aa:00:03", partner: " persistent='ua-second'"),
            ],
            targetHost: { host in
                try host.addGuest("first", [])
                for index in 0..<3 {
                    try host.addGuest("full\(index)", [.network("vfpool-eth3")], running: true)
                }
            }),
        LiveMigrationCase(
            .targetFreeVFs, .fail, "no free VF", target: { $0.state.pfs[0].functions = [] }),
        LiveMigrationCase(
            .targetFreeVFs, .fail, "0000:03:10.0, which is held by the host",
            target: { $0.state.pfs[0].functions[0].hostUses = [.address("192.0.2.1/24")] }),
        LiveMigrationCase(
            .targetFreeVFs, .fail, "0000:03:10.0, which is gone",
            target: { $0.state.pfs[0].functions.removeFirst() }),
        LiveMigrationCase(
            .targetFreeVFs, .unknown, "no network ports", targetHost: { $0.supportsPorts = false }),
        LiveMigrationCase(
            .targetFreeVFs, .unknown, "whether the host uses VFs itself",
            target: { end in
                end.state.isLocal = false
                end.pool { $0.configuration?.mark = nil }
            }),
        LiveMigrationCase(.targetFixedVF, .warn, "0000:03:10.0: the target has a VF", nics: [.pin("eth3", 0)]),
        LiveMigrationCase(
            .targetFixedVF, .fail, "which the target does not have", nics: [.pin("eth3", 0)],
            target: { $0.state.pfs = [] }),
        LiveMigrationCase(
            .targetFixedVF, .fail, "held by guest holder", nics: [.pin("eth3", 0)],
            targetHost: { host in
                try host.addGuest("first", [])
                try host.addGuest("holder", [.pin("eth3", 0)])
            }),
    ]

    static let vlan = [
        LiveMigrationCase(
            .targetVLAN, .fail, "on VLAN 50, and eth3 on the target is in switchdev mode",
            target: { $0.state.pfs[0].isSwitchdev = true }),
        LiveMigrationCase(
            .targetPF, .fail, "InfiniBand", target: { $0.state.pfs[0].isInfiniBand = true }),
        LiveMigrationCase(
            .targetVLAN, .fail, "on VLAN 50, and on the target would be on VLAN 51",
            target: { $0.pool { $0.live?.portgroups[0].vlan = 51 } }),
        LiveMigrationCase(
            .targetVLAN, .fail, "on no VLAN, and on the target would be on VLAN 60",
            nics: [persistent(), transient(group: "")],
            source: { end in
                end.pool { network in
                    network.live?.portgroups = []
                    network.live?.vlan = nil
                }
                for index in end.state.guests[0].liveInterfaces.indices {
                    end.state.guests[0].liveInterfaces[index].vlan = nil
                }
            }),
        LiveMigrationCase(
            .targetVLAN, .fail, "on VLAN 9",
            source: { $0.state.networks[0].settings.vlan = 9 }),
        LiveMigrationCase(
            .targetVLAN, .unknown, "whether the guest's document or its network says VLAN 50",
            source: { end in
                // A transient guest has no other document than the running one, which shows the network's VLAN as well.
                end.state.guests[0].isPersistent = false
                end.state.guests[0].interfaces = []
                end.pool { network in
                    network.live?.portgroups[0].vlan = 50
                    network.live?.portgroups[0].isDefault = true
                    network.live?.portgroups[1].isDefault = false
                }
                let index = end.state.guests[0].liveInterfaces.firstIndex { $0.isTeamed && !$0.isPersistentHalf } ?? 0
                end.state.guests[0].liveInterfaces[index].vlan = 50
            }),
        LiveMigrationCase(
            .targetVLANClasses, .note, "it is on VLAN 7 here and VLAN 8 there",
            target: { $0.pool { $0.configuration?.vlan = 8 } }),
        LiveMigrationCase(
            .targetVLANClasses, .note, "portgroup lan is here only",
            target: { $0.pool { $0.configuration?.portgroups.removeLast() } }),
        LiveMigrationCase(
            .targetVLANClasses, .note, "portgroup lan is the default one here only",
            target: { $0.pool { $0.configuration?.portgroups[1].isDefault = false } }),
        LiveMigrationCase(
            .targetVLANClasses, .note, "portgroup lan is on VLAN 60 here and no VLAN there",
            target: { $0.pool { $0.configuration?.portgroups[1].vlan = nil } }),
        LiveMigrationCase(
            .targetVLANClasses, .note, "portgroup x is there only",
            target: { end in
                end.pool { $0.configuration?.portgroups.append(Portgroup(name: "x", vlan: 1, isDefault: false)) }
            }),
    ]

    static let functions = [
        LiveMigrationCase(
            .targetVFSettings, .warn, "trust on here and not set there",
            target: { $0.pool { $0.configuration?.wanted = PoolSettings() } }),
        LiveMigrationCase(.targetHook, .fail, "network.d/vfpool", target: { $0.hooks = .absent }),
        LiveMigrationCase(
            .targetHook, .fail, "qemu.d/vfpool", target: { $0.hooks = .known([Name(HookFile.network.path): true]) }),
        LiveMigrationCase(.targetHook, .unknown, "another machine", target: { $0.hooks = .unknown("another machine") }),
        LiveMigrationCase(
            .targetCard, .note, "(15b3:101e) there",
            target: { $0.kinds["vfpool-eth3"] = FunctionKind(vendor: "0x15b3", product: "0x101e", name: "Mellanox") }),
    ]

    static let networks = [
        LiveMigrationCase(
            .targetNetwork, .fail, "lan, which the target does not have",
            target: { $0.state.networks.removeAll { $0.name == "lan" } }),
        LiveMigrationCase(
            .targetNetwork, .fail, "lan, which is not active", target: { $0.state.networks[0].isActive = false }),
        LiveMigrationCase(
            .targetNetwork, .fail, "lan, which is a pool",
            target: { $0.state.networks[0].configuration = $0.state.networks[1].configuration }),
        LiveMigrationCase(
            .targetNetwork, .fail, "the persistent half, needs network lan2",
            nics: [persistent(source: "network='lan2'", type: "network"), transient()],
            prepare: { try $0.addBridgedNetwork("lan2") }),
        LiveMigrationCase(.targetNetdev, .fail, "the persistent half, needs br0", target: { $0.netdevs = .known([]) }),
        LiveMigrationCase(
            .targetNetdev, .unknown, "does not list", target: { $0.netdevs = .unknown("libvirt does not list them") }),
    ]
}

extension LiveMigrationHost {
    /// Changes the pool.
    mutating func pool(_ change: (inout NetworkState) -> Void) {
        for index in state.networks.indices where state.networks[index].name == "vfpool-eth3" {
            change(&state.networks[index])
        }
    }
}
