import Glibc
import Model
import Text

/// The host's files as the search for setters reads them: small ones only, remembering which it may not read.
final class BootFiles {
    /// A program that is a text.
    enum Script: Equatable {
        case shell(String)
        /// In a language that is not understood here.
        case other(String)
    }

    private let files: SystemFiles
    private(set) var unreadable: [String] = []
    /// Why one of them could not be read, other than for its size.
    private(set) var failure: String?

    init(_ files: SystemFiles) { self.files = files }

    /// No configuration file is larger.
    private static let textLimit = 4 << 20
    /// No script that sets a count is larger.
    static let scriptLimit = 256 << 10

    func exists(_ path: String) -> Bool { kind(path) != nil }
    func isFolder(_ path: String) -> Bool { kind(path) == .folder }
    func isExecutable(_ path: String) -> Bool { kind(path) == .file(isExecutable: true) }

    private func kind(_ path: String) -> SystemFiles.Kind? { known(files.kind(path), path) }

    /// The value, if there is one; that it can't be known is noted.
    private func known<Value>(_ fact: Fact<Value>, _ path: String) -> Value? {
        if let reason = fact.reason {
            failure = failure ?? reason
            note(path)
        }
        return fact.value
    }

    func text(_ path: String) -> String? {
        guard files.size(path) ?? 0 <= Self.textLimit else {
            note(path)
            return nil
        }
        return known(files.text(path, limit: Self.textLimit), path)
    }

    func size(_ path: String) -> Int? { files.size(path) }

    /// One of the kernel's attributes, without the end of its line.
    func attribute(_ path: String) -> Fact<String> {
        switch files.text(path) {
        case .known(let text): .known(String(text.trimmed))
        case .absent: .absent
        case .unknown(let reason): .unknown(reason)
        }
    }

    func names(in folder: String) -> [String] { known(files.names(in: folder), folder) ?? [] }

    /// The program at a path, if it is a text and no larger than scripts are.
    func script(_ path: String) -> Script? {
        guard let size = files.size(path), size <= Self.scriptLimit, files.startsLikeScript(path), let text = text(path)
        else {
            return nil
        }
        let interpreter = (text.lines.first ?? "").dropFirst(2).trimmed
        let words = interpreter.words.filter { !$0.hasPrefix(bytes: "-") }.map { $0.split(byte: "/").last ?? $0 }
        let name = words.first.map { $0.isSame(as: "env") ? words.dropFirst().first ?? $0 : $0 } ?? ""
        return Self.shells.contains(Name(name)) ? .shell(text) : .other(text)
    }

    static let shells: Set<Name> = ["sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"]

    /// Where a path leads; nil where there is nothing.
    func real(_ path: String) -> String? { files.real(path) }

    /// Files of one name are one file in several folders: the first folder's counts. A link to `/dev/null` stands for none.
    func merged(_ folders: [String], ending: String) -> [(name: String, path: String)] {
        var paths: [Name: String?] = [:]
        for folder in folders {
            for name in names(in: folder) where name.hasSuffix(bytes: ending) && paths[Name(name)] == nil {
                let path = "\(folder)/\(name)"
                paths[Name(name)] = .some(files.isPlain(path) ? path : nil)
            }
        }
        return paths.compactMap { name, path in path.map { (name.string, $0) } }.sorted { Name($0.0) < Name($1.0) }
    }

    private func note(_ path: String) {
        if !unreadable.contains(where: { $0.isSame(as: path) }) { unreadable.append(path) }
    }

    /// Folders of a kind of configuration, the first one counting most.
    static func folders(_ name: String) -> [String] {
        ["/etc/\(name)", "/run/\(name)", "/usr/local/lib/\(name)", "/usr/lib/\(name)", "/lib/\(name)"]
    }
}
