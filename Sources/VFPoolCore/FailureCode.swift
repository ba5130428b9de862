extension Failure {
    /// The stable name of a kind of failure: printed in `error[…]` and in JSON, never renamed.
    package enum Code: String, Sendable, CaseIterable {
        // The port and its virtual functions.
        case noSuchDevice = "no-such-device"
        case notNetworkDevice = "not-network-device"
        case notCapable = "not-sriov-capable"
        case isVirtualFunction = "is-virtual-function"
        case noVFsEnabled = "no-vfs-enabled"
        case noSuchVF = "no-such-vf"
        case vfInUse = "vf-in-use"
        case portDown = "pf-down"
        case noVFFree = "no-vf-free"
        case tooManyVFs = "too-many-vfs"
        case setElsewhere = "vfs-set-elsewhere"

        // Pools.
        case nameTaken = "name-taken"
        case poolExists = "pool-exists"
        case poolDiffers = "pool-differs"
        case portReplaced = "pf-replaced"
        case overlappingVFs = "overlapping-vfs"
        case noSuchPool = "no-such-pool"
        case noSuchNetwork = "no-such-network"
        case notAPool = "not-a-pool"
        case notManaged = "not-managed"
        case poolInUse = "pool-in-use"
        case stalePool = "stale-pool"
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

        // Guests.
        case noSuchGuest = "no-such-guest"
        case ambiguousGuest = "ambiguous-guest"
        case transientGuest = "transient-guest"
        case guestNotRunning = "guest-not-running"
        case noSuchInterface = "no-such-interface"
        case ambiguousInterface = "ambiguous-interface"
        case notBound = "not-bound"
        case nothingKnown = "no-former-interface"
        case noMAC = "no-mac"
        case badMAC = "bad-mac"
        case duplicateMAC = "duplicate-mac"
        case savedState = "saved-state"
        case cannotCarry = "cannot-carry"
        case unplugRefused = "unplug-refused"
        case libvirtFault = "libvirt-fault"
        case noFreePlace = "no-free-place"
        case unplugTimedOut = "unplug-timed-out"

        // VF settings.
        case badSettings = "bad-settings"
        case settingRefused = "setting-refused"

        // Changes.
        case changedMeanwhile = "changed-meanwhile"
        case verifyFailed = "verify-failed"
        case notRestored = "not-restored"
        case movedOn = "moved-on"
        case otherHost = "other-host"
        case nothingToResume = "nothing-to-resume"
        case noSuchChange = "no-such-change"
        case nothingToUndo = "nothing-to-undo"
        case lockHeld = "lock-held"
        case journal = "journal"
        case notConfirmed = "not-confirmed"
        case interrupted = "interrupted"

        // Documents and libvirt.
        case invalidDocument = "invalid-document"
        case invalidTemplate = "invalid-template"
        case noConnection = "no-connection"
        case connectionLost = "connection-lost"
        case timeout = "timeout"
        case accessDenied = "access-denied"
        case unsupported = "unsupported"
        case kernel = "kernel"
        case libvirt = "libvirt"
        case usage = "usage"
        case output = "output"
        case noDocument = "no-document"

        // This machine's files.
        case file = "file"
    }
}
