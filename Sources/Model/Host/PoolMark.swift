/// vfpool's mark in a network's metadata: which PFs the pool belongs to, whatever they are called after a reboot.
///
/// Stored as `<pool xmlns="urn:vfpool:1"><pf dev= address= mac=/><functions include= exclude=/></pool>`. Of several PFs:
/// `<pool><functions include=""/><several order=><pf dev= address= mac= include= exclude=/>…</several></pool>`, in which a
/// vfpool that knows only pools of one PF finds no PF and no function, so it leaves the network's document as it is.
package struct PoolMark: Sendable, Equatable {
    /// The namespace of everything vfpool writes into metadata.
    package static let namespace = "urn:vfpool:1"

    /// The pool's PFs, in the order in which they take turns; most pools have one, none has no one.
    package var pfs: [PFMark]
    package var order = FunctionOrder.interleaved

    package init(_ pfs: [PFMark], order: FunctionOrder = .interleaved) {
        self.pfs = pfs
        self.order = order
    }

    /// Whether the pool lists functions by address, for libvirt allows one `<pf>`.
    package var isOfSeveral: Bool { pfs.count > 1 }
}
