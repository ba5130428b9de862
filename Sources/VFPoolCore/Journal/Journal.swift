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

    /// Names of changes, oldest first, also of those that never began.
    ///
    /// - Throws: `journal` when the whole of it can't be read, which is not the same as an empty one.
    func names() throws(Failure) -> [ChangeName] {
        try Files.names(in: folder.changes).compactMap { ChangeName(Array($0.utf8)) }.sorted()
    }

    /// Changes, newest first, until `body` has seen enough. One without its first page never began, and is left out.
    ///
    /// - Parameter body: gets each change, or why it can't be read; returns whether to go on.
    func scan(_ body: (ChangeName, Result<Entry, Failure>) throws(Failure) -> Bool) throws(Failure) {
        for name in try names().reversed() where hasBegun(name) {
            let result: Result<Entry, Failure>
            do throws(Failure) {
                result = .success(try entry(name))
            } catch {
                result = .failure(error)
            }
            guard try body(name, result) else { return }
        }
    }

    private func hasBegun(_ name: ChangeName) -> Bool {
        Files.exists("\(folder.changes)/\(name.text)/change.json")
    }

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
    func strangers() throws(Failure) -> [String] {
        try Files.names(in: folder.changes).filter { name in
            ChangeName(Array(name.utf8)) == nil && Files.exists("\(folder.changes)/\(name)/change.json")
        }
    }

    /// The change with this id or number, or whose id alone ends or begins so.
    package func entry(matching text: String) throws(Failure) -> Entry {
        let names = try names()
        var matches = names.filter { $0.text.isSame(as: text) }
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
    func entry(id: String) -> Entry? {
        ChangeName(Array(id.utf8)).flatMap { try? entry($0) }
    }

    private func entry(_ name: ChangeName) throws(Failure) -> Entry {
        try EntryReader(name, path: "\(folder.changes)/\(name.text)").entry()
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
