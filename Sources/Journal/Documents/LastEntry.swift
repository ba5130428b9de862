import Model
import Synchronization

/// The change whose documents were asked for last: mostly the next are asked for, too.
final class LastEntry: Sendable {
    private let value = Mutex<EntryDocuments?>(nil)

    /// A document of a change, and where it is.
    func document(
        _ file: String, of id: String, in folder: (String) throws(Failure) -> OwnFolder
    ) throws(Failure) -> (text: String, path: String) {
        if let known = value.withLock({ $0 }), known.id == id, let text = try? known.text(file) {
            return (text, known.folder.path(file))
        }
        // Perhaps added since: a change that is under way gets one after the other.
        let documents = try EntryDocuments(id, folder(id))
        value.withLock { $0 = documents }
        return (try documents.text(file), documents.folder.path(file))
    }
}
