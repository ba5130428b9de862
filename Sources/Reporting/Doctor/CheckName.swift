import Model

/// The stable name of a check: printed, and in JSON; never renamed.
package enum CheckName: String, Sendable, CaseIterable {
    // The host.
    case cpuVirtualization = "cpu-virtualization"
    case kvm
    case iommuFirmware = "iommu-firmware"
    case iommuCommandLine = "iommu-command-line"
    case iommu
    case interruptRemapping = "interrupt-remapping"
    case vfio
    case libvirtVersion = "libvirt-version"
    case schemaFiles = "schema-files"
    case hooks
    case leftovers
    case trust
    case bootUnits = "boot-units"
    case permissions
    case journalSize = "journal-size"
    case reading

    // PFs and their functions.
    case pfCapable = "pf-capable"
    case pfDriver = "pf-driver"
    case pfUp = "pf-up"
    case pfCarrier = "pf-carrier"
    case pfPinned = "pf-pinned"
    case eswitchMode = "eswitch-mode"
    case vfsEnabled = "vfs-enabled"
    case vfDriver = "vf-driver"
    case iommuGroups = "iommu-groups"
    case vfsPersist = "vfs-persist"
    case vfsBeforeLibvirt = "vfs-before-libvirt"
    case vfsReset = "vfs-reset"
    case vfHandsOff = "vf-hands-off"

    // Pools.
    case poolExists = "pool"
    case poolActive = "pool-active"
    case poolPersistent = "pool-persistent"
    case poolSettings = "pool-settings"
    case poolPF = "pool-pf"
    case poolStale = "pool-stale"
    case poolOverlap = "pool-overlap"
    case poolFull = "pool-full"
    case poolAtBoot = "pool-at-boot"
    case vfProtected = "vf-protected"
    case vfsCounted = "vfs-counted"
    case reservations
    case lostPorts = "ports-lost"
    case orphanedPorts = "ports-orphaned"
    case vfSettings = "vf-settings"
    case staleSettings = "stale-settings"
    case vfMigratable = "vf-migratable"

    // Guests.
    case pinsOutside = "pins-outside"
    case twoClaims = "two-claims"
    case guestNetwork = "guest-network"
    case autostart
    case capacity
    case duplicateMAC = "duplicate-mac"
    case numa
    case memoryLock = "memory-lock"
    case pendingRestart = "pending-restart"
    case savedState = "saved-state"
    case hostShutdown = "host-shutdown"

    // Live migration: the guest, and the host that it leaves.
    case guestRunning = "guest-running"
    case guestPersistent = "guest-persistent"
    case pair
    case hostDevices = "host-devices"
    case sourceLibvirt = "source-libvirt"
    case sourceQEMU = "source-qemu"

    // Live migration: the host that it goes to.
    case targetHost = "target-host"
    case targetLibvirt = "target-libvirt"
    case targetQEMU = "target-qemu"
    case targetGuest = "target-guest"
    case targetMAC = "target-mac"
    case targetPool = "target-pool"
    case targetPoolActive = "target-pool-active"
    case targetPoolSettings = "target-pool-settings"
    case targetPortgroup = "target-portgroup"
    case targetPF = "target-pf"
    case targetFreeVFs = "target-free-vfs"
    case targetFixedVF = "target-fixed-vf"
    case targetVLAN = "target-vlan"
    case targetVLANClasses = "target-vlan-classes"
    case targetVFSettings = "target-vf-settings"
    case targetHook = "target-hook"
    case targetCard = "target-card"
    case targetNetwork = "target-network"
    case targetNetdev = "target-netdev"

    /// Those of `check-migration`; all others are `doctor`'s.
    package static let ofLiveMigration = allCases.drop { $0 != .guestRunning }
}
