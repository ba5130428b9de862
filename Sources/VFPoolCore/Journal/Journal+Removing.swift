import Glibc
import Text

extension Journal {
    /// Removes changes from the journal, one after the other, each whole or not at all, however this ends. Only who holds
    /// the lock may do so.
    ///
    /// - Parameter ids: the oldest first: an undo may not go before what it took back, which would then count again.
    package func remove(_ ids: [String]) throws(Failure) {
        // What a crash left behind when this was last done.
        for name in try list().strangers where name.hasPrefix(bytes: Self.removedPrefix) {
            Files.removeFolder("\(folder.changes)/\(name)")
        }
        defer { Files.syncFolder(folder.changes) }
        for (count, id) in ids.enumerated() {
            guard let name = ChangeName(Array(id.utf8)) else { continue }
            let gone = "\(folder.changes)/\(Self.removedPrefix)\(name.text)"
            guard rename(path(of: name), gone) == 0 else {
                throw Failure(
                    .journal, "could not remove change \(id)", cause: String(cString: strerror(errno)),
                    hints: ["\(text: Words.count(count, "change")) were removed before; the others are as they were"])
            }
            Files.removeFolder(gone)
        }
    }
}
