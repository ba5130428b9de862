import Glibc
import Text

/// What the host tells of whether what is inside a VF can be handed over to another host's, so that its guest moves while it
/// runs. The VF's own answer (VFIO_DEVICE_FEATURE_MIGRATION) takes its device, which who has it does not share; nothing here does.
package struct VFMigration: Sendable, Equatable {
    /// Whether the VFIO driver that the VF is bound to can do it with this card, by the kernel's word (debugfs, Linux 6.8); nil
    /// where it does not say, or no such driver has the VF.
    package var isOffered: Bool?
    /// The VFIO driver among the kernel's modules that suits the VF best, `vfio-pci` where none is made for it: libvirt takes
    /// it from 10.0 on. Nil where that can't be told.
    package var bestDriver: String?
    /// Whether the card lets it (devlink's `migratable`); nil where it has no such switch, or that can't be told.
    package var isAllowed: Bool?
    /// Its port at the card's switch, for devlink(8): `pci/0000:03:00.0/2`.
    package var port: String?

    package init(
        isOffered: Bool? = nil, bestDriver: String? = nil, isAllowed: Bool? = nil, port: String? = nil
    ) {
        self.isOffered = isOffered
        self.bestDriver = bestDriver
        self.isAllowed = isAllowed
        self.port = port
    }
}

extension Sysfs {
    /// What is known of the VFs of these PFs.
    package func migration(of ports: [PhysicalFunction]) -> [PCIAddress: VFMigration] {
        let places = readsNetlink ? Devlink()?.ports() ?? [] : []
        let variants = VFIOVariants(self)
        let isTold = (try? Folder(root + "/kernel/debug/vfio")) != nil
        var found: [PCIAddress: VFMigration] = [:]
        for port in ports {
            let own = Dictionary(grouping: places.filter { $0.card == port.address }, by: \.vf)
            // A PF's VFs are all of one kind: device, class and subsystem are the same (the kernel itself reads them of the first).
            let best = port.functions.lazy.compactMap { variants?.best(for: $0.address, below: root) }.first
            for function in port.functions {
                var migration = VFMigration()
                if isTold, function.isBoundToVFIO { migration.isOffered = try? offersMigration(function.address) }
                migration.bestDriver = best
                // Two ports of one number are of two PFs: which is which is not told.
                if let places = own[function.index], places.count == 1, let place = places.first {
                    migration.isAllowed = place.isMigratable
                    migration.port = "pci/\(place.card)/\(place.number)"
                }
                found[function.address] = migration
            }
        }
        return found
    }

    /// The kernel makes a folder for each device of VFIO's, and `migration` in it where the driver can do it.
    private func offersMigration(_ address: PCIAddress) throws(HostError) -> Bool? {
        guard let device = try Folder(root + "/kernel/debug/vfio/" + address.description) else { return nil }
        return try device.has("migration")
    }
}
