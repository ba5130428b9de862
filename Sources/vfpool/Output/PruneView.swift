import Model
import Planning
import Text

/// What `log --prune-older-than` removes, and what stays and why.
enum PruneView {
    /// `3 changes, from 20260101-… to 20260301-…`.
    static func what(_ pruning: Pruning) -> String {
        let ids = pruning.removed
        let range = ids.count > 1 ? ", from \(ids[0]) to \(ids[ids.count - 1])" : ids.first.map { ", \($0)" } ?? ""
        return Words.count(ids.count, "change") + range
    }

    /// The old ones that stay, a reason a line.
    static func kept(_ pruning: Pruning) -> [String] {
        Pruning.Reason.allCases.compactMap { reason in
            let ids = pruning.kept.filter { $0.reason == reason }.map(\.id)
            return ids.isEmpty ? nil : "stays: \(Words.list(ids)): \(words(reason, ids.count == 1))"
        }
    }

    private static func words(_ reason: Pruning.Reason, _ isOne: Bool) -> String {
        switch reason {
        case .unreadable: "\(isOne ? "it" : "they") can't be read as a whole"
        case .otherHost: "made on another host"
        case .inPlace: "did not end well, and something of \(isOne ? "it" : "them") may be in place"
        case .undoable: "the one that `vfpool undo` would take back"
        case .formerInterface: "`vfpool unbind` needs \(isOne ? "it" : "them") to know what interfaces were"
        case .resumed: "a later change goes on with \(isOne ? "it" : "them")"
        case .undoes: "took back \(isOne ? "a change" : "changes") that stay\(isOne ? "s" : "")"
        case .newest: "the newest, whose number must not be given again"
        }
    }
}
