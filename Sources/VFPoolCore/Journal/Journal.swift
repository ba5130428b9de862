import Text
import XML

/// The journal: one folder a change, with `change.json`, `progress.jsonl` and the documents as XML files.
package struct Journal: Sendable {
    let folder: StateFolder
    /// The host that is looked at and changed, as far as it is known.
    let host: HostIdentity?

    package init(_ folder: StateFolder, host: HostIdentity? = nil) {
        self.folder = folder
        self.host = host
    }

    func place(_ uri: String) -> ChangeHost { ChangeHost(uri: uri, host: host) }

    /// - Throws: `journal` when the whole of it can't be read.
    func list() throws(Failure) -> ChangeList { try ChangeList(of: folder.changes) }

    /// Changes, newest first, until `body` has seen enough. One without its first page never began, and is left out.
    ///
    /// - Parameter body: gets each change, or why it can't be read; returns whether to go on.
    func scan(
        _ list: ChangeList? = nil, _ body: (ChangeName, Result<Entry, Failure>) throws(Failure) -> Bool
    ) throws(Failure) {
        let list = if let list { list } else { try self.list() }
        try list.newestFirst { (name) throws(Failure) in
            guard hasBegun(name) else { return true }
            let result: Result<Entry, Failure>
            do throws(Failure) {
                result = .success(try entry(name))
            } catch {
                result = .failure(error)
            }
            return try body(name, result)
        }
    }

    /// The ids of the newest changes that have begun, also of those that can't be read; nothing of them is read.
    package func newestIDs(_ count: Int) throws(Failure) -> [String] {
        var ids: [String] = []
        try list().newestFirst { (name) throws(Failure) in
            if hasBegun(name) { ids.append(name.text) }
            return ids.count < count
        }
        return ids
    }

    /// How many changes there are, also those that never began.
    package func count() throws(Failure) -> Int { try list().count }

    /// The change that took this one back and is itself in place, as far as that can be read.
    func undoer(of id: String) throws(Failure) -> String? {
        guard let undone = ChangeName(Array(id.utf8)) else { return nil }
        var found: String?
        let list = try list()
        try list.newestFirst { (name) throws(Failure) in
            guard name > undone else { return false }
            // Most of what is newer has nothing to do with it, and a glance at its page tells.
            guard EntryReader(name, path: path(of: name)).mentions(id), let entry = try? entry(name),
                entry.result == .done, let other = entry.header.undoes, other.isSame(as: id),
                try undoer(of: entry.id) == nil
            else { return true }
            found = entry.id
            return false
        }
        return found
    }

    /// Of the folder of a change that is being removed.
    static let removedPrefix = "removed-"

    func hasBegun(_ name: ChangeName) -> Bool {
        Files.exists("\(path(of: name))/change.json")
    }

    func path(of name: ChangeName) -> String { "\(folder.changes)/\(name.text)" }

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
    func strangers(_ list: ChangeList) -> [String] {
        list.strangers.filter {
            !$0.hasPrefix(bytes: Self.removedPrefix) && Files.exists("\(folder.changes)/\($0)/change.json")
        }
    }

    /// The change with this id or number, or whose id alone ends or begins so.
    package func entry(matching text: String) throws(Failure) -> Entry {
        if let name = ChangeName(Array(text.utf8)), Files.exists(path(of: name)) { return try entry(name) }
        let names = try list().names
        var matches = names.filter { $0.ends(in: text) }
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
    func entry(id: String) -> Entry? {
        ChangeName(Array(id.utf8)).flatMap { try? entry($0) }
    }

    private func entry(_ name: ChangeName) throws(Failure) -> Entry {
        try EntryReader(name, path: path(of: name)).entry()
    }

    /// A document or file of an entry.
    ///
    /// - Throws: `journal` when it is missing, or a document that is no XML any more.
    package func document(_ file: String, of entry: Entry) throws(Failure) -> String {
        let path = "\(path(of: entry))/\(file)"
        let text = try Files.read(path)
        guard file.hasSuffix(bytes: ".xml") else { return text }
        do throws(XMLError) {
            _ = try Document(parsing: text)
        } catch {
            throw Failure(.journal, "could not make sense of \(path)", cause: error.message)
        }
        return text
    }

    /// The documents of an entry that are missing or broken.
    package func unreadableFiles(of entry: Entry) -> [String] {
        entry.steps.flatMap { [$0.before, $0.after, $0.stored] }.compactMap(\.self)
            .filter { (try? document($0, of: entry)) == nil }
    }

    package func path(of entry: Entry) -> String { "\(folder.changes)/\(entry.id)" }
}
