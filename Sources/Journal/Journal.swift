package import Model
import Text
import XML

/// The journal: one folder a change, with `change.json`, `progress.jsonl` and the documents, as XML files or in one file.
package struct Journal: PastChanges, Sendable {
    let folder: StateFolder
    let last = LastEntry()
    /// The host that is looked at and changed, as far as it is known.
    let host: HostIdentity?

    package init(_ folder: StateFolder, host: HostIdentity? = nil) {
        self.folder = folder
        self.host = host
    }

    package func place(_ uri: String) -> ChangeHost { ChangeHost(uri: uri, host: host) }

    /// - Throws: `journal` when the whole of it can't be read.
    func list() throws(Failure) -> ChangeList {
        guard let state = try folder.open(), let changes = try state.folder(StateFolder.changesName) else {
            return try ChangeList(of: nil)
        }
        if let recent = RecentChanges(in: state, of: changes) { return ChangeList(recent, of: changes) }
        return try ChangeList(of: changes)
    }

    /// The folder of all changes; nil where there is none yet.
    func changes() throws(Failure) -> OwnFolder? { try folder.open()?.folder(StateFolder.changesName) }

    package func names() throws(Failure) -> [ChangeName] { try list().names }

    package func scan(
        _ names: [ChangeName]?, _ body: (ChangeName, Result<Entry, Failure>) throws(Failure) -> Bool
    ) throws(Failure) -> (count: Int, strangers: [String]) {
        guard let changes = try changes() else { return (0, []) }
        if let names {
            for name in names.reversed() where try !scan(name, changes, body) { break }
            return (names.count, [])
        }
        let list = try list()
        try list.newestFirst { (name) throws(Failure) in try scan(name, changes, body) }
        return (list.count, try strangers(list))
    }

    private func scan(
        _ name: ChangeName, _ changes: OwnFolder,
        _ body: (ChangeName, Result<Entry, Failure>) throws(Failure) -> Bool
    ) throws(Failure) -> Bool {
        let result: Result<Entry, Failure>
        do throws(Failure) {
            guard let own = try changes.folder(name.text), own.exists(EntryReader.page) else { return true }
            result = .success(try EntryReader(name, own).entry())
        } catch {
            result = .failure(error)
        }
        return try body(name, result)
    }

    /// The ids of the newest changes that have begun, also of those that can't be read; nothing of them is read.
    package func newestIDs(_ count: Int) throws(Failure) -> [String] {
        guard let changes = try changes() else { return [] }
        var ids: [String] = []
        try list().newestFirst { (name) throws(Failure) in
            if changes.exists(name.text + "/" + EntryReader.page) { ids.append(name.text) }
            return ids.count < count
        }
        return ids
    }

    /// How many changes there are, also those that never began.
    package func count() throws(Failure) -> Int { try list().count }

    /// The change that took this one back and is itself in place, as far as that can be read.
    package func undoer(of id: String) throws(Failure) -> String? {
        guard let undone = ChangeName(Array(id.utf8)), let changes = try changes() else { return nil }
        var found: String?
        try list().newestFirst { (name) throws(Failure) in
            guard name > undone else { return false }
            // Most of what is newer has nothing to do with it, and a glance at its page tells.
            guard let own = try? changes.folder(name.text), EntryReader(name, own).mentions(id),
                let entry = try? EntryReader(name, own).entry(), entry.result == .done, let other = entry.header.undoes,
                other.isSame(as: id),
                try undoer(of: entry.id) == nil
            else { return true }
            found = entry.id
            return false
        }
        return found
    }

    /// Of the folder of a change that is being removed.
    static let removedPrefix = "removed-"

    /// Changes, oldest first; `unreadable` names those that can't be read.
    package func entries() throws(Failure) -> (entries: [Entry], unreadable: [String]) {
        var entries: [Entry] = []
        var unreadable: [String] = []
        try scan { name, result in
            switch result {
            case .success(let entry): entries.append(entry)
            case .failure: unreadable.append(name.text)
            }
            return true
        }
        return (entries.reversed(), unreadable.reversed())
    }

    /// What stands among the changes as one and has no name of one.
    func strangers(_ list: ChangeList) throws(Failure) -> [String] {
        guard let changes = try changes() else { return [] }
        return list.strangers.filter {
            !$0.hasPrefix(bytes: Self.removedPrefix) && changes.exists($0 + "/" + EntryReader.page)
        }
    }

    /// The change with this id or number, or whose id alone ends or begins so.
    package func entry(matching text: String) throws(Failure) -> Entry {
        if let name = ChangeName(Array(text.utf8)), let changes = try changes(), changes.exists(text) {
            return try entry(name)
        }
        let names = try list().names
        // A number is that of a change before it is the end of another's time.
        let number = text.hasPrefix(bytes: "0") ? nil : Int(digits: text)
        var matches = names.filter { $0.sequence == number }
        if matches.isEmpty { matches = names.filter { $0.ends(in: text) } }
        if matches.isEmpty { matches = names.filter { $0.begins(with: text) } }
        guard let name = matches.first, matches.count == 1, !text.isEmpty else {
            throw Failure(
                .noSuchChange,
                matches.isEmpty || text.isEmpty
                    ? "there is no change \(text)"
                    : "\(text) could be \(Words.list(matches.map(\.text), last: "or"))",
                hints: ["list them: `vfpool log`"])
        }
        return try entry(name)
    }

    /// The change of exactly this id, if there is one that can be read.
    package func entry(id: String) -> Entry? {
        ChangeName(Array(id.utf8)).flatMap { try? entry($0) }
    }

    private func entry(_ name: ChangeName) throws(Failure) -> Entry {
        try EntryReader(name, try own(name.text)).entry()
    }

    /// A change's folder.
    ///
    /// - Throws: `journal` also where there is none.
    func own(_ id: String) throws(Failure) -> OwnFolder {
        guard let folder = try changes()?.folder(id) else {
            throw Files.unreadable("\(folder.changes)/\(id)", "there is no such folder")
        }
        return folder
    }

    /// A document or file of an entry.
    ///
    /// - Throws: `journal` when it is missing, or a document that is no XML any more.
    package func document(_ file: String, of entry: Entry) throws(Failure) -> String {
        let (text, path) = try last.document(file, of: entry.id) { (id) throws(Failure) in try own(id) }
        guard file.hasSuffix(bytes: ".xml") else { return text }
        do throws(XMLError) {
            _ = try Document(parsing: text)
        } catch {
            throw Failure(.journal, "could not make sense of \(path)", cause: error.message)
        }
        return text
    }

    package func path(of entry: Entry) -> String { "\(folder.changes)/\(entry.id)" }
}
