import Model
import Text

extension LogReport {
    /// The same with masks in commands, word by word: a guest or file of then may be known to nobody any more; and in names of
    /// documents, which have a guest's name in other letters.
    package func masked(by masks: Masks) -> LogReport {
        var log = self
        for index in log.changes.indices {
            log.changes[index].entry.header.command = Self.masked(changes[index].entry.header.command, masks)
            log.changes[index].entry.header.uri = Self.masked(uri: changes[index].entry.header.uri, masks)
            for step in log.changes[index].entry.steps.indices {
                log.changes[index].entry.steps[step].maskFiles(by: masks)
            }
        }
        return log
    }

    static func masked(_ command: [String], _ masks: Masks) -> [String] {
        command.enumerated().map { index, word in
            // The program, without where it lies.
            if index == 0 { return word.pathName }
            guard word.hasPrefix(bytes: "-"), let (option, value) = word.cut(at: "=") else {
                return masked(word, masks)
            }
            return "\(option)=\(masked(String(value), masks))"
        }
    }

    private static func masked(_ word: String, _ masks: Masks) -> String {
        if word.hasPrefix(bytes: "-") || isOfVFPool(word) { return word }
        if word.contains(bytes: "://") { return masked(uri: word, masks) }
        // A path, of which a name in it would not be all that tells something.
        if word.contains(bytes: "/") { return masks.name(Name(word), .text).string }
        let masked = masks.text(word)
        if !masked.isSame(as: word) || NetdevName.isUsual(word) || isAddress(word) { return masked }
        return masks.name(Name(word), .text).string
    }

    /// A URI with masks for its server and user; its options may name files and keys of theirs.
    package static func masked(uri: String, _ masks: Masks) -> String {
        guard let (place, options) = uri.cut(at: "?") else { return masks.text(uri) }
        return "\(masks.text(String(place)))?\(masks.name(Name(options), .text))"
    }

    /// Numbers, selections such as `0-3,5`, PCI addresses.
    private static func isAddress(_ word: String) -> Bool {
        word.utf8.allSatisfy { $0.isHexadecimal || $0.isOne(of: ":.,-") } && word.utf8.contains(where: \.isDigit)
    }

    /// vfpool's own commands and what its options take.
    private static func isOfVFPool(_ word: String) -> Bool {
        let words: Set<Name> = [
            "create", "set", "delete", "list", "ls", "status", "bind", "unbind", "migrate", "check-migration", "doctor",
            "resize",
            "boot", "reconcile", "hook", "install", "remove", "log", "undo", "on", "off", "auto", "enable", "disable",
            "default", "none",
            "qemu:///system", "qemu:///session", "802.1Q", "802.1ad", "bugreport", "apply", "always", "never", "json",
            "table",
        ]
        return words.contains(Name(word))
    }
}

extension StepRecord {
    fileprivate mutating func maskFiles(by masks: Masks) {
        guard kind != .writeFile else { return }
        let mask = masks.name(name, kind.isOfGuest ? .guest : .pool)
        before = before.map { StepFiles.renamed($0, from: name, to: mask) }
        after = after.map { StepFiles.renamed($0, from: name, to: mask) }
        stored = stored.map { StepFiles.renamed($0, from: name, to: mask) }
    }
}

extension StepRecord.Kind {
    fileprivate var isOfGuest: Bool { [.defineGuest, .unplug, .plug].contains(self) }
}
