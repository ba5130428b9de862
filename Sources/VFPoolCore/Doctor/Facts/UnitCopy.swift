package import Text

/// One of vfpool's units in /etc/systemd/system, where it goes before what a package ships.
package struct UnitCopy: Sendable, Equatable {
    @Bytewise package var path: String
    var copy: BootUnit.Copy
    /// The package's, which systemd does not read for it.
    @Bytewise package var packaged: String?

    init(_ path: String, _ copy: BootUnit.Copy, before packaged: String? = nil) {
        self.path = path
        self.copy = copy
        self.packaged = packaged
    }

    /// Whether there is something to say of it.
    var isNotable: Bool { copy != .current || packaged != nil }

    var check: Check {
        let before = packaged.map { ", and goes before \($0)" } ?? ""
        return switch copy {
        case .changed:
            Check(.bootUnits, .note, "\(path) was changed by hand: vfpool leaves it as it is\(before)")
        case .former:
            Check(
                .bootUnits, .warn, "\(path) is of an earlier vfpool\(before)",
                hints: ["replace it: `vfpool boot PF`, then `systemctl daemon-reload`"])
        case .current:
            Check(
                .bootUnits, .warn, "\(path) is a copy\(before)",
                hints: ["remove it: `vfpool boot PF`, then `systemctl daemon-reload`"])
        }
    }
}
