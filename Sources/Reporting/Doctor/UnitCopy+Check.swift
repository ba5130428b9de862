import Model
import Text

extension UnitCopy {
    /// What doctor says of it.
    var check: Diagnostic {
        let before = packaged.map { ", and overrides \($0)" } ?? ""
        return switch copy {
        case .changed:
            Diagnostic(.bootUnits, .note, "\(path) was changed by hand: vfpool leaves it as it is\(before)")
        case .former:
            Diagnostic(
                .bootUnits, .warn, "\(path) is of an earlier vfpool\(before)",
                hints: ["replace it: `vfpool boot PF`, then `systemctl daemon-reload`"])
        case .current:
            Diagnostic(
                .bootUnits, .warn, "\(path) is a copy\(before)",
                hints: ["remove it: `vfpool boot PF`, then `systemctl daemon-reload`"])
        }
    }
}
