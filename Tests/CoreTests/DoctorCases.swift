import Libvirt
import SRIOV
import TestSupport
import Text

@testable import Model
@testable import Reading
@testable import Reporting

/// Every check, failing; and where it can fail in several ways, each of them.
extension DoctorCase {
    static let all = machine + software + pfs + functions + boot + pools + settings + transfer + guests

    static let machine = [
        DoctorCase(.cpuVirtualization, .warn, "emulated", facts: { $0.processorFlags = .known(["fpu"]) }),
        DoctorCase(.kvm, .warn, "/dev/kvm", facts: { $0.kvm = .known(false) }),
        DoctorCase(
            .iommuFirmware, .fail, "DMAR", state: { $0.iommuEnabled = false },
            facts: { $0.firmwareTables = .known(["FACP"]) }),
        DoctorCase(
            .iommuCommandLine, .fail, "intel_iommu=off", facts: { $0.commandLine = .known(["intel_iommu=off"]) }),
        DoctorCase(
            .iommuCommandLine, .fail, "iommu=off", facts: { $0.commandLine = .known(["intel_iommu=on", "iommu=off"]) }),
        DoctorCase(
            .iommuCommandLine, .fail, "does not turn VT-d on", state: { $0.iommuEnabled = false },
            facts: { $0.commandLine = .known(["ro"]) }),
        DoctorCase(.iommu, .fail, "off", state: { $0.iommuEnabled = false }),
        DoctorCase(.interruptRemapping, .fail, "VFIO refuses", facts: { $0.remapsInterrupts = .known(false) }),
        DoctorCase(
            .interruptRemapping, .warn, "VFIO is set to allow that",
            facts: {
                $0.remapsInterrupts = .known(false)
                $0.allowsUnsafeInterrupts = .known(true)
            }),
        DoctorCase(.vfio, .fail, "vfio-pci", facts: { $0.vfio = .known(false) }),
    ]

    static let software = [
        DoctorCase(
            .libvirtVersion, .fail, "12.1.0",
            state: { $0.libvirtVersion = LibvirtVersion(major: 12, minor: 1, release: 0) }),
        DoctorCase(
            .libvirtVersion, .warn, "5.4.0",
            state: { $0.libvirtVersion = LibvirtVersion(major: 5, minor: 4, release: 0) }),
        DoctorCase(.schemaFiles, .warn, "grammar", facts: { $0.hasGrammars = false }),
        DoctorCase(.hooks, .warn, "hooks/qemu", facts: { $0.hooks = .known(["/etc/libvirt/hooks/qemu": false]) }),
        DoctorCase(
            .hooks, .fail, "network.d/vfpool",
            facts: { $0.hooks = .known(["/etc/libvirt/hooks/network.d/vfpool": false]) }),
        DoctorCase(
            .hooks, .fail, "pool vfpool-eth3",
            host: { try $0.apply($0.set("vfpool-eth3", .of("trust=on"))) },
            facts: { $0.hooks = .known(["/etc/libvirt/hooks/network.d/vfpool": true]) }),
        DoctorCase(
            .hooks, .fail, "may not run vfpool's hook: SELinux",
            facts: { $0.hookConfinement = Confinement.Problem(cause: "SELinux does not", hints: ["`setsebool`"]) }),
        DoctorCase(
            .leftovers, .fail, "libvirt runs /etc/libvirt/hooks/qemu.d/vfpool.vfpool-new",
            facts: { $0.leftovers = .known(["/etc/libvirt/hooks/qemu.d/vfpool.vfpool-new": true]) }),
        DoctorCase(
            .leftovers, .note, "/etc/vfpool/.vfpool-new was left",
            facts: { $0.leftovers = .known(["/etc/vfpool/.vfpool-new": false]) }),
        DoctorCase(
            .trust, .fail, "/etc/libvirt/hooks/network.d leads to runs as root, and everybody can write",
            facts: {
                $0.weaknesses = .known([
                    Weakness(path: "/etc/libvirt/hooks/network.d", reason: .everybody(mode: 0o777))
                ])
            }),
        DoctorCase(
            .bootUnits, .warn, "vfpool-vfs@.service is of an earlier vfpool",
            facts: { $0.unitCopies = .known([UnitCopy("/etc/systemd/system/vfpool-vfs@.service", .former)]) }),
        DoctorCase(
            .bootUnits, .warn, "is a copy, and overrides /usr/lib/systemd/system/vfpool-reload.service",
            facts: {
                $0.unitCopies = .known([
                    UnitCopy(
                        "/etc/systemd/system/vfpool-reload.service", .current,
                        before: "/usr/lib/systemd/system/vfpool-reload.service")
                ])
            }),
        DoctorCase(
            .bootUnits, .note, "was changed by hand",
            facts: { $0.unitCopies = .known([UnitCopy("/etc/systemd/system/vfpool-vfs@.service", .changed)]) }),
        DoctorCase(.hostShutdown, .warn, "vm1", facts: { $0.onShutdown = .known("suspend") }),
        DoctorCase(.journalSize, .warn, "20000 changes", facts: { $0.journalChanges = .known(20_000) }),
        DoctorCase(.journalSize, .unknown, "out of files", facts: { $0.journalChanges = .unknown("out of files") }),
        DoctorCase(.permissions, .fail, "others can write", facts: { $0.journalProblem = .known("others can write") }),
        DoctorCase(.permissions, .note, "not root", facts: { $0.isRoot = .known(false) }),
        DoctorCase(
            .reading, .unknown, "guest vm7", state: { $0.unknowns = ["the document of guest vm7 can't be read"] }),
    ]

    static let pfs = [
        DoctorCase(.pfCapable, .fail, "no network device", state: { $0.pfs = [] }),
        DoctorCase(.pfCapable, .fail, "InfiniBand", state: { $0.pfs[0].isInfiniBand = true }),
        DoctorCase(.pfCapable, .fail, "SR-IOV off", state: { $0.pfs[0].possibleVFs = 0 }),
        DoctorCase(
            .pfDriver, .fail, "no driver",
            state: {
                $0.pfs[0].driver = nil
                $0.pfs[0].netdev = nil
            }),
        DoctorCase(
            .pfDriver, .fail, "is bound to vfio-pci",
            state: { ($0.pfs[0].driver, $0.pfs[0].netdev) = ("vfio-pci", nil) }),
        DoctorCase(.pfDriver, .fail, "no netdev", state: { $0.pfs[0].netdev = nil }),
        DoctorCase(.pfUp, .fail, "eth3 is down", state: { $0.pfs[0].isUp = false }),
        DoctorCase(.pfCarrier, .warn, "no link", state: { $0.pfs[0].hasCarrier = false }),
        DoctorCase(
            .pfPinned, .fail, "the PF eth3",
            state: {
                let text = """
                    <domain><devices><hostdev mode='subsystem' type='pci'><source><address domain='0' bus='3' slot='0' \
                    function='0'/></source></hostdev></devices></domain>
                    """
                $0.guests[0].inactiveXML = text
                $0.guests[0].devices = try $0.devices(text, of: "the guest")
            }),
        DoctorCase(.eswitchMode, .note, "switchdev", state: { $0.pfs[0].isSwitchdev = true }),
        DoctorCase(
            .eswitchMode, .warn, "switchdev",
            state: {
                $0.pfs[0].isSwitchdev = true
                $0.networks[0].configuration?.portgroups = [Portgroup(name: "red", vlan: 5, isDefault: false)]
            }),
        DoctorCase(
            .eswitchMode, .fail, "guest vm1 can't start",
            state: {
                $0.pfs[0].isSwitchdev = true
                $0.guests[0].interfaces[0].vlan = 42
            }),
        DoctorCase(
            .vfsEnabled, .fail, "pool vfpool-eth3 can't start",
            state: {
                $0.pfs[0].functions = []
                $0.pfs[0].enabledVFs = 0
            }),
    ]

    static let functions = [
        DoctorCase(.vfDriver, .warn, "uio_pci_generic", state: { $0.pfs[0].functions[3].driver = "uio_pci_generic" }),
        DoctorCase(.iommuGroups, .fail, "no IOMMU group", state: { $0.pfs[0].functions[2].iommuGroup = nil }),
        DoctorCase(.iommuGroups, .warn, "VF 2 of eth3", state: { $0.pfs[0].functions[2].groupMembers = 3 }),
        DoctorCase(
            .iommuGroups, .fail, "the PF eth3 itself",
            state: { state in
                state.pfs[0].functions[2].iommuGroup = state.pfs[0].iommuGroup
                state.pfs[0].functions[2].groupMembers = 2
            }),
        DoctorCase(
            .vfHandsOff, .warn, "NetworkManager manages", state: { $0.pfs[0].functions[3].netdev = "eth3v3" },
            facts: { $0.managers = .known(["eth3v3": "NetworkManager"]) }),
    ]

    static let boot = [
        DoctorCase(.vfsPersist, .warn, "nothing sets", facts: boot()),
        DoctorCase(.vfsPersist, .warn, "will have 2", facts: boot(setter(count: 2))),
        DoctorCase(.vfsPersist, .warn, "/etc/systemd/system/vfs.service:7", facts: boot(setter(count: 2))),
        DoctorCase(.vfsPersist, .unknown, "/etc/netplan/1.yaml", facts: boot(unreadable: ["/etc/netplan/1.yaml"])),
        DoctorCase(.vfsPersist, .unknown, "can't be read out of it", facts: boot(setter(count: nil))),
        DoctorCase(
            .vfsPersist, .unknown, "may set the VF count of eth3", facts: boot(setter(.cron, doubt: "who knows"))),
        DoctorCase(.vfsPersist, .unknown, "at boot: who knows", facts: boot(setter(.cron, doubt: "who knows"))),
        DoctorCase(
            .vfsReset, .unknown, "may set the VF count of eth3, too",
            facts: boot(setter(), setter(.cron, path: "/x", doubt: "who knows"))),
        DoctorCase(.vfsBeforeLibvirt, .unknown, "also sets the PF up", facts: boot(setter(setsUp: .maybe))),
        DoctorCase(.vfsBeforeLibvirt, .warn, "does not wait", facts: boot(setter(.udevRule, isBeforeLibvirt: false))),
        DoctorCase(.vfsBeforeLibvirt, .warn, "does not set eth3 up", facts: boot(setter(setsUp: .no))),
        DoctorCase(.vfsReset, .warn, "brought down", facts: boot(setter(.networkManager))),
        DoctorCase(.vfsReset, .warn, "to 0 first", facts: boot(setter(.netplan))),
        DoctorCase(
            .vfsReset, .warn, "several files set",
            facts: boot(setter(), setter(.udevRule, path: "/etc/udev/rules.d/1.rules"))),
    ]

    static let pools = [
        DoctorCase(.pool, .note, "eth3 has 4 VFs and no pool", state: { $0.networks = [] }),
        DoctorCase(
            .pool, .note, "there is no pool",
            state: {
                $0.networks = []
                $0.pfs[0].enabledVFs = 0
                $0.pfs[0].functions = []
            }),
        DoctorCase(.poolActive, .fail, "not active", state: { $0.networks[0].isActive = false }),
        DoctorCase(.poolPersistent, .warn, "transient", state: { $0.networks[0].isPersistent = false }),
        DoctorCase(
            .poolSettings, .fail, "managed='yes'",
            state: {
                $0.networks[0].configuration?.isManagedByLibvirt = false
                $0.pfs[0].functions[1].driver = "ixgbevf"
            }),
        DoctorCase(.poolSettings, .fail, "trunk", state: { $0.networks[0].configuration?.hasTrunk = true }),
        DoctorCase(.poolPF, .warn, "called eth9", state: { $0.pfs[0].netdev = "eth9" }),
        DoctorCase(
            .poolPF, .fail, "another card", state: { $0.pfs[0].permanentMAC = MACAddress("02:00:00:00:00:99") }),
        DoctorCase(.poolStale, .fail, "until it starts again", state: { $0.networks[0].live?.addresses.removeLast() }),
        DoctorCase(.poolStale, .fail, "which is gone", state: { $0.pfs[0].functions.removeLast() }),
        DoctorCase(
            .poolOverlap, .fail, "pool hand", host: { try $0.addPoolByHand("hand", functions: [("eth3", 3)]) }),
        DoctorCase(
            .poolFull, .note, "no free VF",
            state: { for index in 1...3 { $0.pfs[0].functions[index].hostUses = [.address("192.0.2.1/24")] } }),
        DoctorCase(
            .poolAtBoot, .warn, "or leave out free ones", state: { $0.pfs[0].functions[3].hostUses = [.otherNamespace] }
        ),
        DoctorCase(.vfsCounted, .fail, "has forgotten the 1 VF", state: { $0.networks[0].uncountedPorts = 1 }),
        DoctorCase(
            .vfProtected, .fail, "would hand it out",
            state: { $0.pfs[0].functions[3].hostUses = [.address("192.0.2.1/24")] }),
        DoctorCase(
            .reservations, .warn, "does not hold it any more",
            state: {
                let reservation = Reservation(
                    of: $0.pfs[0].functions[3].address, in: $0.networks[0].uuid, ownerName: "vm8",
                    ownerUUID: PretendHost.uuid(8), mac: nil)
                let address = $0.pfs[0].functions[3].address
                $0.networks[0].ports?.append(
                    NetworkPortState(
                        uuid: reservation.uuid, ownerName: "vm8", ownerUUID: PretendHost.uuid(8), mac: nil,
                        address: address))
            }),
        DoctorCase(.lostPorts, .fail, "lost its network port", state: { $0.networks[0].ports = [] }),
        DoctorCase(
            .orphanedPorts, .warn, "does not run",
            state: {
                let address = $0.pfs[0].functions[3].address
                $0.networks[0].ports?.append(
                    NetworkPortState(
                        uuid: PretendHost.uuid(77), ownerName: "vm8", ownerUUID: PretendHost.uuid(8), mac: nil,
                        address: address))
            }),
    ]

    static let transfer = [
        DoctorCase(
            .vfMigratable, .note, "pool vfpool-eth3: a guest can't move with its VF while it runs: VFIO driver vfio"),
        DoctorCase(
            .vfMigratable, .note, "has `migratable` off", state: ofMellanox,
            facts: {
                $0.migration = all(
                    VFMigration(
                        isOffered: true, bestDriver: "mlx5_vfio_pci", isAllowed: false, port: "pci/0000:03:00.0/1"))
            }),
        DoctorCase(
            .vfMigratable, .note, "the kernel says", state: ofMellanox,
            facts: {
                $0.migration = all(VFMigration(isOffered: false, bestDriver: "mlx5_vfio_pci", isAllowed: true))
            }),
        DoctorCase(
            .vfMigratable, .unknown, "in switchdev mode", state: ofMellanox,
            facts: { $0.migration = all(VFMigration(isOffered: true, bestDriver: "mlx5_vfio_pci")) }),
        DoctorCase(
            .vfMigratable, .unknown, "from Linux 6.8 on", state: ofMellanox,
            facts: { $0.migration = all(VFMigration(bestDriver: "pds_vfio_pci", isAllowed: true)) }),
        DoctorCase(
            .vfMigratable, .unknown, "which VFIO driver", state: ofMellanox,
            facts: { $0.migration = all(VFMigration()) }),
    ]

    static let settings = [
        DoctorCase(
            .vfSettings, .warn, "trust off instead of on",
            host: { try $0.apply($0.set("vm1", .of("trust=on"))) },
            state: { state in
                for index in state.pfs[0].functions.indices {
                    state.pfs[0].functions[index].settings = VFSettings(trust: false)
                }
            })
    ]

    static let guests = [
        DoctorCase(.pinsOutside, .note, "guest vm2", host: { try $0.addGuest("vm2", [.pin("eth3", 3)]) }),
        DoctorCase(
            .twoClaims, .warn, "guest vm2 and guest vm3",
            host: {
                try $0.addGuest("vm2", [.pin("eth3", 3)])
                try $0.addGuest("vm3", [.pin("eth3", 3)])
            }),
        DoctorCase(.guestNetwork, .fail, "network gone", host: { try $0.addGuest("vm2", [.network("gone")]) }),
        DoctorCase(
            .autostart, .fail, "4 VFs for 5 interfaces",
            host: { host in
                let nics = (0..<4).map { _ in PretendNIC.network("vfpool-eth3") }
                try host.addGuest("vm2", nics, autostart: true)
            }),
        DoctorCase(.autostart, .fail, "does not start at boot", state: { $0.networks[0].autostart = false }),
        DoctorCase(
            .capacity, .note, "not all of its guests can run at once",
            host: { host in try host.addGuest("vm2", (0..<4).map { _ in .network("vfpool-eth3") }) }),
        DoctorCase(
            .duplicateMAC, .warn, "guest vm1 and guest vm2",
            host: { host in
                try host.addGuest(
                    "vm2",
                    [
                        .xml(
                            "<interface type='bridge'><mac address='\(PretendHost.mac(1, 0))'/><source bridge='b'/></interface>"
                        )
                    ]
                )
            }),
        DoctorCase(
            .numa, .warn, "at node 1",
            state: {
                $0.pfs[0].numaNode = 1
                $0.guests[0].inactiveXML = guest("<numatune><memory mode='strict' nodeset='0'/></numatune>")
            }),
        DoctorCase(
            .numa, .warn, "node 0, and eth3 is at node 1",
            state: {
                $0.pfs[0].numaNode = 1
                $0.guests[0].inactiveXML = guest("<vcpu cpuset='0-1'>2</vcpu>")
            }),
        DoctorCase(
            .memoryLock, .warn, "with a VF needs 5120",
            state: { $0.guests[0].inactiveXML = guest("<memtune><hard_limit unit='G'>4</hard_limit></memtune>") }),
        DoctorCase(
            .memoryLock, .warn, "with a VF needs 13312 (its memory 3 times: it has an IOMMU of its own)",
            state: {
                $0.guests[0].inactiveXML = guest(
                    """
                    <memtune><hard_limit unit='G'>8</hard_limit></memtune><devices><iommu model='intel'/>\
                    <interface type='network'><source network='vfpool-eth3'/></interface><interface type='hostdev'/>\
                    <interface type='bridge'/><hostdev mode='subsystem' type='pci'/><hostdev mode='subsystem' type='usb'/></devices>
                    """)
            }),
        DoctorCase(
            .memoryLock, .warn, "with a VF needs 9216 (its memory 2 times: vdpa",
            state: {
                $0.guests[0].inactiveXML = guest(
                    "<memtune><hard_limit unit='G'>8</hard_limit></memtune><devices><interface type='vdpa'/></devices>")
            }),
        DoctorCase(
            .poolSettings, .fail, "its VFIO driver mlx5_vfio_pci is not on the host",
            state: {
                $0.networks[0].settings.driverModel = "mlx5_vfio_pci"
                $0.vfioDrivers = ["mlx5_vfio_pci": false]
            }),
        DoctorCase(
            .memoryLock, .fail, "may lock 8 MiB",
            state: {
                $0.uri = "qemu:///session"
                $0.guests[0].inactiveXML = guest("")
            }),
        DoctorCase(
            .memoryLock, .fail, "the host has 2048", state: { $0.guests[0].inactiveXML = guest("") },
            facts: { $0.memory = .known(2 << 20) }),
        DoctorCase(
            .pendingRestart, .note, "guest vm1",
            state: { $0.guests[0].interfaces[0].attachment = .hostdevInterface($0.pfs[0].functions[3].address) }),
        DoctorCase(
            .staleSettings, .warn, "(trust on) for MAC 52:54:00:00:00:77",
            state: { state in
                var wanted = WantedSettings()
                wanted.trust = true
                if let mac = MACAddress("52:54:00:00:00:77") { state.guests[0].settings[mac] = wanted }
            }),
        DoctorCase(.savedState, .warn, "guest vm1", state: { $0.savedGuests = [$0.guests[0].uuid] }),
    ]

    /// A guest of 4 GiB with this besides.
    private static func guest(_ inside: String) -> String {
        "<domain><name>vm1</name><memory unit='GiB'>4</memory>\(inside)<devices/></domain>"
    }
}
