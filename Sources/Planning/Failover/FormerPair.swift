import Model

/// Which half of a pair an interface became.
enum FormerPair: Equatable {
    /// The VF's: the half that lasts came beside it.
    case transient
    /// The half that lasts: the VF came beside it.
    case persistent
    /// The VF's, and the half that lasts was there as well, as pairs were made before libvirt had `<teaming>`.
    case both
}
