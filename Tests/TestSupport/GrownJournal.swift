import FoundationEssentials
import Text

/// A journal of many changes: copies of one that vfpool wrote.
package enum GrownJournal {
    /// Makes copies of the newest change, numbered on from there.
    ///
    /// - Parameter state: the folder of vfpool's state.
    /// - Returns: the folders of all changes, the oldest first.
    @discardableResult
    package static func grow(_ state: String, by count: Int) throws -> [String] {
        let changes = state + "/changes"
        let files = FileManager.default
        var names = try files.contentsOfDirectory(atPath: changes).sorted { number($0) < number($1) }
        guard let last = names.last else { return [] }
        let page = try text("\(changes)/\(last)/change.json")
        let others = try files.contentsOfDirectory(atPath: "\(changes)/\(last)").filter { $0 != "change.json" }
        for copy in 1...max(1, count) {
            let sequence = number(last) + copy
            let name = "\(last.cut(atLast: "-")?.before ?? "")-\(sequence)"
            let folder = "\(changes)/\(name)"
            try files.createDirectory(
                atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            for file in others { try files.copyItem(atPath: "\(changes)/\(last)/\(file)", toPath: "\(folder)/\(file)") }
            let own = page.replacing(bytes: last, with: name)
                .replacing(bytes: "\"sequence\" : \(number(last))", with: "\"sequence\" : \(sequence)")
            try Data(own.utf8).write(to: URL(filePath: "\(folder)/change.json"))
            names.append(name)
        }
        return names.map { "\(changes)/\($0)" }
    }

    private static func number(_ name: String) -> Int { name.cut(atLast: "-").flatMap { Int($0.after) } ?? 0 }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }
}
