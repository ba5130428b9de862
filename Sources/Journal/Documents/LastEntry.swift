import Model
import Synchronization

/// The change whose documents were asked for last: mostly the next are asked for, too.
final class LastEntry: Sendable {
    private let value = Mutex<EntryDocuments?>(nil)

    func documents(
        _ id: String, _ folder: (String) throws(Failure) -> OwnFolder
    ) throws(Failure) -> EntryDocuments {
        if let known = value.withLock({ $0 }), known.id == id { return known }
        let documents = try EntryDocuments(id, folder(id))
        value.withLock { $0 = documents }
        return documents
    }

    /// Documents are about to be added.
    func forget() { value.withLock { $0 = nil } }
}
