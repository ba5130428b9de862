package import Text

/// One of vfpool's units in /etc/systemd/system, where it goes before what a package ships.
package struct UnitCopy: Sendable, Equatable {
    @Bytewise package var path: String
    package var copy: BootUnit.Copy
    /// The package's, which systemd does not read for it.
    @Bytewise package var packaged: String?

    package init(_ path: String, _ copy: BootUnit.Copy, before packaged: String? = nil) {
        self.path = path
        self.copy = copy
        self.packaged = packaged
    }

    /// Whether there is something to say of it.
    package var isNotable: Bool { copy != .current || packaged != nil }
}
