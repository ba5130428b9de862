package import Text

/// Something that does not stop a change, but that libvirt would only say at guest start, if at all.
package struct Warning: Sendable, Equatable {
    /// Stable names, as errors have them.
    package enum Code: String, Sendable, CaseIterable {
        case pfDown = "pf-down"
        case macvtapNetwork = "macvtap-network"
        case pfPinned = "pf-pinned"
        case noVFFree = "no-vf-free"
        case iommuOff = "iommu-off"
        case sharedGroup = "shared-iommu-group"
        case duplicateMAC = "duplicate-mac"
        case moreGuestsThanVFs = "more-guests-than-vfs"
        case unprotected = "unprotected-vf"
        case noReservations = "no-reservations"
        case notManaged = "not-managed"
        case noSchema = "no-schema"
        case unknown = "unknown"
        case stalePool = "stale-pool"
        case identity = "pf-identity"
        case networkNotActive = "pool-not-active"
        case hostDriver = "host-driver"
        case savedState = "saved-state"
        case plainHostdev = "plain-hostdev"
        case vlanChanges = "vlan-changes"
        case poolProblem = "pool-problem"
        case eswitchMode = "eswitch-mode"
        case noGroup = "no-iommu-group"
        case sharedPin = "shared-pin"
        case staleMAC = "stale-mac"
        case virtualportLost = "virtualport-lost"
        case staysWithVF = "stays-with-vf"
        case libvirtFault = "libvirt-fault"
        case atBoot = "vfs-at-boot"
        case noHook = "no-hook"
        case reloadNeeded = "reload-needed"
        case failoverPath = "failover-path"
        case otherOwner = "other-owner"
        case bridgeOnPF = "bridge-on-pf"
    }

    package var code: Code
    @Bytewise package var message: String
    package var hints: [Hint]
    package var fold: Fold?

    package init(_ code: Code, _ message: String, hints: [Hint] = [], fold: Fold? = nil) {
        self.code = code
        self.message = message
        self.hints = hints
        self.fold = fold
    }
}

extension Warning: Foldable {
    package var kind: Name { Name(code.rawValue) }
    package var about: (noun: String, name: Name)? { nil }
}
