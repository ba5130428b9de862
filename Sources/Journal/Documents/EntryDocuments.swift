import Model
import Text

/// The documents of one change, each in a file of its own or many in one.
final class EntryDocuments: Sendable {
    let id: String
    let folder: OwnFolder
    private let packs: [DocumentPack]

    init(_ id: String, _ folder: OwnFolder) throws(Failure) {
        self.id = id
        self.folder = folder
        // What was stored counts, where a name stands in both.
        var packs: [DocumentPack] = []
        for name in [DocumentPack.stored, DocumentPack.planned] {
            if let pack = try DocumentPack(name, in: folder) { packs.append(pack) }
        }
        self.packs = packs
    }

    /// - Throws: `journal` when it is missing, or can't be read.
    func text(_ file: String) throws(Failure) -> String {
        for pack in packs {
            if let text = try pack.text(Name(file)) { return text }
        }
        return try folder.read(file)
    }
}
