/// Why a name could not be turned into a physical function.
package struct SRIOVError: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// No netdev, PCI device or MAC of that name on this host.
        case noSuchDevice
        /// A PCI device, but not a network card (class 0x02xxxx).
        case notNetwork
        /// A network card or netdev that cannot be split into virtual functions: it has no `sriov_totalvfs`.
        case notCapable
        /// Itself a virtual function; `pf` is its PF's netdev, or PCI address if the PF has no netdev here.
        case isVirtualFunction(pf: String)
        /// The netdev of a VF, or another function, at the card's own switch; `pf` is the PF it belongs to.
        case isRepresentor(pf: String)
        /// A netdev without a device of its own, as a bridge; `kind` as in `HostUse.upper`, `pfs` those that it stands on.
        case isUpper(kind: String, pfs: [String])
        /// A virtual function whose PF is elsewhere: this host is a guest itself, or a part of a larger machine.
        case functionWithoutPort
        /// The MAC is that of several PFs, whose netdevs or PCI addresses these are.
        case ambiguous([String])
        /// The kernel's files cannot be read: no /sys, no permission, no file descriptor left.
        case unreadable(HostError)
    }

    package let kind: Kind
    /// What the caller asked for.
    package let subject: String

    package init(_ kind: Kind, subject: String) {
        self.kind = kind
        self.subject = subject
    }
}
