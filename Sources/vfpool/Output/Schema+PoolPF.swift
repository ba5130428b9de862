import Reporting
import Text

extension Schema {
    /// A PF of a pool.
    struct PoolPF: Encodable {
        /// The PF's netdev, else its PCI address; what the pool's document calls it, if it is not on the host.
        @Nullable var name: Name?
        @Nullable var address: String?
        /// Whether it is on the host.
        var present: Bool
        /// The part of it that the pool covers, as `4-7,9`; `null` for all of it.
        @Nullable var vfs: String?
    }
}

extension Schema.PoolPF {
    init(_ pf: PoolPFReport) {
        self.init(
            name: pf.title ?? pf.documentName, address: pf.address, present: pf.title != nil, vfs: pf.selection)
    }
}
