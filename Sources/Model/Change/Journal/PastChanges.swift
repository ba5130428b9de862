/// The changes that were made before, as a plan is made from them; the journal has them.
package protocol PastChanges {
    /// The host that is looked at, reached by a URI.
    func place(_ uri: String) -> ChangeHost
    /// All that there are, the oldest first.
    ///
    /// - Throws: `journal` when the whole of it can't be read.
    func names() throws(Failure) -> [ChangeName]
    /// Changes, newest first, until `body` has seen enough. One without its first page never began, and is left out.
    ///
    /// - Parameters:
    ///   - names: these, the oldest first; nil: all.
    ///   - body: gets each change, or why it can't be read; returns whether to go on.
    /// - Returns: how many there are, and what stands among them as one and has no name of one.
    @discardableResult func scan(
        _ names: [ChangeName]?, _ body: (ChangeName, Result<Entry, Failure>) throws(Failure) -> Bool
    ) throws(Failure) -> (count: Int, strangers: [String])
    /// The change of exactly this id, if there is one that can be read.
    func entry(id: String) -> Entry?
    /// A document or file of an entry.
    ///
    /// - Throws: `journal` when it is missing, or a document that is no XML any more.
    func document(_ file: String, of entry: Entry) throws(Failure) -> String
    /// The folder with an entry's files.
    func path(of entry: Entry) -> String
    /// The change that took this one back and is itself in place, as far as that can be read.
    func undoer(of id: String) throws(Failure) -> String?
}

extension PastChanges {
    /// The same of all changes.
    @discardableResult package func scan(
        _ body: (ChangeName, Result<Entry, Failure>) throws(Failure) -> Bool
    ) throws(Failure) -> (count: Int, strangers: [String]) {
        try scan(nil, body)
    }

    /// The documents of an entry that are missing or broken.
    package func unreadableFiles(of entry: Entry) -> [String] {
        entry.steps.flatMap { [$0.before, $0.after, $0.stored] }.compactMap(\.self)
            .filter { (try? document($0, of: entry)) == nil }
    }
}
