import Glibc
package import Model
import Text

extension Journal {
    /// Removes changes from the journal, one after the other, each whole or not at all, however this ends. Only who holds
    /// the lock may do so.
    ///
    /// - Parameter ids: the oldest first: an undo may not go before what it took back, which would then count again.
    package func remove(_ ids: [String]) throws(Failure) {
        guard let state = try folder.open(), let changes = try changes() else { return }
        // What a crash left behind when this was last done.
        for name in try ChangeList(of: changes).strangers where name.hasPrefix(bytes: Self.removedPrefix) {
            changes.removeFolder(name)
        }
        defer {
            changes.sync()
            RecentChanges.write(in: state, of: changes)
        }
        for (count, id) in ids.enumerated() {
            guard let name = ChangeName(Array(id.utf8)) else { continue }
            let gone = Self.removedPrefix + name.text
            guard changes.rename(name.text, to: gone) else {
                throw Failure(
                    .journal, "could not remove change \(id)", cause: String(cString: strerror(errno)),
                    hints: ["\(text: Words.count(count, "change")) were removed before; the others are as they were"])
            }
            changes.removeFolder(gone)
        }
    }
}
