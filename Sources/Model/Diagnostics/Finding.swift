package import Text

/// Something that `status` has to say about the picture, besides the table.
package struct Finding: Sendable, Equatable {
    /// Stable names, as errors have them.
    package enum Code: String, Sendable, CaseIterable {
        case pendingRestart = "pending-restart"
        case savedState = "saved-state"
        case stalePool = "stale-pool"
        case vfsForgotten = "vfs-forgotten"
        case poolNotActive = "pool-not-active"
        case pfRenamed = "pf-renamed"
        case pfMoved = "pf-moved"
        case pfReplaced = "pf-replaced"
        case pfMissing = "pf-missing"
        case pfDown = "pf-down"
        case notEthernet = "not-ethernet"
        case notCapable = "not-sriov-capable"
        case noPool = "no-pool"
        case noVFFree = "no-vf-free"
        case transientPool = "transient-pool"
        case lostPort = "lost-port"
        case sharedGroup = "shared-iommu-group"
        case noSuchNetwork = "no-such-network"
        case pfPinned = "pf-pinned"
        case unprotected = "unprotected-vf"
        case unprotectedAtBoot = "unprotected-at-boot"
        case orphanedReservation = "orphaned-reservation"
        case orphanedPort = "orphaned-port"
        case overlappingPools = "overlapping-pools"
        case markLost = "mark-lost"
        case missingVF = "missing-vf"
        case twoClaims = "two-claims"
        case settingsDiffer = "settings-differ"
        case staleSettings = "stale-settings"
        case unknown = "unknown"
    }

    package enum Severity: String, Sendable { case warning, note }

    package var code: Code
    package var severity: Severity
    @Bytewise package var message: String
    package var hints: [Hint]
    /// What it is about, for narrowing: pools and guests by name, PFs by PCI address. Empty: everything.
    package var pools: [Name]
    package var guests: [Name]
    package var pfs: [String]
    /// The functions that it is about, by PCI address; empty for what is about more than single ones.
    package var functions: [String] = []
    package var fold: Fold?

    package init(
        _ code: Code, _ message: String, hints: [Hint] = [], pools: [Name] = [], guests: [Name] = [],
        pfs: [String] = [], functions: [String] = [], severity: Severity = .warning, fold: Fold? = nil
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.hints = hints
        self.pools = pools
        self.guests = guests
        self.pfs = pfs
        self.functions = functions
        self.fold = fold
    }
}

extension Finding: Foldable {
    package var kind: Name { "\(severity) \(code)" }

    package var about: (noun: String, name: Name)? {
        if guests.count == 1 { return ("guest", guests[0]) }
        if functions.count == 1 { return ("VF", Name(functions[0])) }
        return pools.count == 1 ? ("pool", pools[0]) : nil
    }
}
