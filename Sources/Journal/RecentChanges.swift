import Model
import Text

/// The newest changes' names, in the file `recent` beside them: however many changes there are, looking at the last few does
/// not list all.
///
/// It only saves time: it counts as long as the folder of changes is as it was when this was written, and else that is
/// listed.
struct RecentChanges {
    static let file = "recent"
    private static let most = 256
    private static let title = "vfpool-recent-1"

    /// How many changes there are in all.
    let count: Int
    /// The newest ones, newest first.
    let names: [ChangeName]

    /// - Returns: nil where there is none, or the folder has changed since.
    init?(in state: OwnFolder, of changes: OwnFolder) {
        guard state.exists(Self.file), let stamp = changes.stamp,
            let text = try? state.read(Self.file, limit: 1 << 16)
        else { return nil }
        let lines = text.split(byte: "\n")
        let words = lines.first?.split(byte: " ") ?? []
        guard words.count == 3, words[0].isSame(as: Self.title), words[1].isSame(as: stamp),
            let count = Int(digits: words[2])
        else { return nil }
        let names = lines.dropFirst().compactMap { ChangeName(Array($0.utf8)) }
        guard names.count == lines.count - 1, names.count == min(count, Self.most),
            zip(names, names.dropFirst()).allSatisfy({ $0 > $1 })
        else { return nil }
        (self.count, self.names) = (count, names)
    }

    /// Writes it anew. That it can't be written costs time later, and nothing else.
    static func write(in state: OwnFolder, of changes: OwnFolder) {
        guard let stamp = changes.stamp, let list = try? ChangeList(of: changes), list.strangers.isEmpty,
            changes.stamp == stamp
        else { return }
        var lines = ["\(title) \(stamp) \(list.count)"]
        try? list.newestFirst { (name) throws(Failure) in
            lines.append(name.text)
            return lines.count <= most
        }
        try? state.write(lines.joined(separator: "\n") + "\n", to: file, sync: false)
    }
}
