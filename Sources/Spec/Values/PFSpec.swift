package import Text

/// What should be of a PF.
package struct PFSpec: Sendable, Equatable {
    /// Its netdev, PCI address or permanent MAC.
    package var word: Name
    /// What people call it, where the word does not say that.
    package var title: Name?
    /// How many VFs it has.
    package var vfs: Int?
    /// Whether it has them at every boot, before libvirt.
    package var boot: Bool?
    /// Whether new VFs get a driver of the host's.
    package var hostDriver: Bool?
    package var origin: Origin?

    package init(
        _ word: Name, title: Name? = nil, vfs: Int? = nil, boot: Bool? = nil, hostDriver: Bool? = nil,
        origin: Origin? = nil
    ) {
        self.word = word
        self.title = title
        self.vfs = vfs
        self.boot = boot
        self.hostDriver = hostDriver
        self.origin = origin
    }
}
