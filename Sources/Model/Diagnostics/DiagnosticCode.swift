/// The catalogue of what vfpool has to say.
extension Diagnostic {
    /// The stable name of what is said: printed, and in JSON; never renamed. templates/codes.txt says of each what it means, and what to
    /// do.
    ///
    /// Checks of one verdict are printed in this order.
    package enum Code: String, Sendable, CaseIterable {
        // PFs and VFs.
        case noSuchDevice = "no-such-device"
        case notNetworkDevice = "not-network-device"
        case notCapable = "not-sriov-capable"
        case notEthernet = "not-ethernet"
        case isVirtualFunction = "is-virtual-function"
        case isRepresentor = "is-representor"
        case noVFsEnabled = "no-vfs-enabled"
        case noSuchVF = "no-such-vf"
        case vfInUse = "vf-in-use"
        case noSuchDriver = "no-such-driver"
        case pfDown = "pf-down"
        case noVFFree = "no-vf-free"
        case tooManyVFs = "too-many-vfs"
        case setElsewhere = "vfs-set-elsewhere"
        case macvtapNetwork = "macvtap-network"
        case iommuOff = "iommu-off"
        case sharedGroup = "shared-iommu-group"
        case noGroup = "no-iommu-group"
        case unprotected = "unprotected-vf"
        case hostDriver = "host-driver"
        case staysWithVF = "stays-with-vf"
        case atBoot = "vfs-at-boot"
        case bridgeOnPF = "bridge-on-pf"
        case pfRenamed = "pf-renamed"
        case pfMoved = "pf-moved"
        case pfMissing = "pf-missing"
        case noPool = "no-pool"
        case missingVF = "missing-vf"

        // Pools.
        case nameTaken = "name-taken"
        case poolExists = "pool-exists"
        case poolDiffers = "pool-differs"
        case pfsDiffer = "pfs-differ"
        case pfReplaced = "pf-replaced"
        case overlappingVFs = "overlapping-vfs"
        case noSuchPool = "no-such-pool"
        case noSuchNetwork = "no-such-network"
        case notAPool = "not-a-pool"
        case notManaged = "not-managed"
        case poolInUse = "pool-in-use"
        case stalePool = "stale-pool"
        case vfsForgotten = "vfs-forgotten"
        case poolNotActive = "pool-not-active"
        case ambiguousPool = "ambiguous-pool"
        case vlanOutOfRange = "vlan-out-of-range"
        case vlanTrunk = "vlan-trunk"
        case severalDefaults = "several-default-portgroups"
        case duplicatePortgroup = "duplicate-portgroup"
        case badPortgroup = "bad-portgroup"
        case noSuchPortgroup = "no-such-portgroup"
        case badName = "bad-name"
        case badSelection = "bad-selection"
        case moreGuestsThanVFs = "more-guests-than-vfs"
        case noReservations = "no-reservations"
        case poolProblem = "pool-problem"
        case transientPool = "transient-pool"
        case lostPort = "lost-port"
        case unprotectedAtBoot = "unprotected-at-boot"
        case orphanedReservation = "orphaned-reservation"
        case orphanedPort = "orphaned-port"
        case overlappingPools = "overlapping-pools"
        case markLost = "mark-lost"

        // Guests.
        case noSuchGuest = "no-such-guest"
        case transientGuest = "transient-guest"
        case guestNotRunning = "guest-not-running"
        case noSuchInterface = "no-such-interface"
        case ambiguousInterface = "ambiguous-interface"
        case notBound = "not-bound"
        case nothingKnown = "no-former-interface"
        case noMAC = "no-mac"
        case badMAC = "bad-mac"
        case cannotCarry = "cannot-carry"
        case unplugRefused = "unplug-refused"
        case unplugTimedOut = "unplug-timed-out"
        case libvirtFault = "libvirt-fault"
        case noFreePlace = "no-free-place"
        case plainHostdev = "plain-hostdev"
        case vlanChanges = "vlan-changes"
        case sharedPin = "shared-pin"
        case staleMAC = "stale-mac"
        case virtualportLost = "virtualport-lost"
        case failoverPath = "failover-path"
        case otherOwner = "other-owner"

        // VF settings.
        case badSettings = "bad-settings"
        case settingRefused = "setting-refused"
        case noHook = "no-hook"
        case reloadNeeded = "reload-needed"
        case settingsDiffer = "settings-differ"

        // Specs.
        case badSpec = "bad-spec"
        case blocked

        // Changes and the journal.
        case changedMeanwhile = "changed-meanwhile"
        case verifyFailed = "verify-failed"
        case notRestored = "not-restored"
        case movedOn = "moved-on"
        case otherHost = "other-host"
        case nothingToResume = "nothing-to-resume"
        case noSuchChange = "no-such-change"
        case nothingToUndo = "nothing-to-undo"
        case lockHeld = "lock-held"
        case journal
        case notConfirmed = "not-confirmed"
        case interrupted

        // Connection, documents, this machine.
        case invalidDocument = "invalid-document"
        case invalidTemplate = "invalid-template"
        case noConnection = "no-connection"
        case connectionLost = "connection-lost"
        case timeout
        case badHosts = "bad-hosts"
        case badAnswer = "bad-answer"
        case accessDenied = "access-denied"
        case unsupported
        case kernel
        case unreadable = "host-unreadable"
        case libvirt
        case usage
        case output
        case noDocument = "no-document"
        case file
        case untrustedPath = "untrusted-path"
        case programGone = "program-gone"
        case noSchema = "no-schema"
        case unknown

        // Checks of doctor: the host.
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

        // Checks of doctor: PFs and VFs.
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

        // Checks of doctor: pools.
        case pool
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

        // Checks of doctor: guests.
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

        // Checks of check-migration.
        case guestRunning = "guest-running"
        case guestPersistent = "guest-persistent"
        case pair
        case hostDevices = "host-devices"
        case sourceLibvirt = "source-libvirt"
        case sourceQEMU = "source-qemu"
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

        // Checks of doctor --hosts.
        case fleetHosts = "fleet-hosts"
        case fleetGuests = "fleet-guests"
        case fleetMACs = "fleet-macs"
        case fleetPools = "fleet-pools"
        case fleetCards = "fleet-cards"
        case fleetRoom = "fleet-room"
    }
}
