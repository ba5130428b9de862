/// Why a PF's VF table could not be read or changed.
package struct VFTableError: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// The PF's driver has no notion of it. The corresponding C constants are `EOPNOTSUPP` and `EPROTONOSUPPORT`.
        case notSupported
        /// The driver has, but not of this value. The corresponding C constants are `EINVAL` and `ERANGE`.
        case invalid
        /// It takes root, or CAP_NET_ADMIN. The corresponding C constants are `EPERM` and `EACCES`.
        case notPermitted
        /// The card can't just now. The corresponding C constants are `EBUSY` and `EAGAIN`.
        case busy
        /// No such PF, or it has no such virtual function.
        case missing
        case other
    }

    package let kind: Kind
    /// libnl's words for it.
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
