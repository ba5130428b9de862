package import Text

/// One file of this machine before and after a step; nil stands for "there is none".
package struct FileChange: Sendable, Equatable {
    @Bytewise package var path: String
    @Bytewise package var before: String?
    @Bytewise package var after: String?
    /// The permissions of what is written.
    package var mode: UInt32
    /// The permissions of what was there; nil where there was nothing, or they do not matter.
    package var formerMode: UInt32?
    /// Its folder is made for it, and goes with it if nothing else was put there.
    package var makesFolder: Bool

    package init(
        path: String, before: String?, after: String?, mode: UInt32 = 0o644, formerMode: UInt32? = nil,
        makesFolder: Bool = false
    ) {
        self.path = path
        self.before = before
        self.after = after
        self.mode = mode
        self.formerMode = formerMode
        self.makesFolder = makesFolder
    }

    /// Whether it is a symbolic link, whose text is where it leads.
    package var isLink: Bool { mode == FileContent.link }

    package var back: FileChange {
        FileChange(
            path: path, before: after, after: before, mode: formerMode ?? mode, formerMode: mode,
            makesFolder: makesFolder)
    }

    /// Whether this is what the change starts from.
    package func startsFrom(_ content: FileContent?) -> Bool { Self.isSame(content, before, formerMode) }

    /// Whether this is what the change leaves.
    package func endsIn(_ content: FileContent?) -> Bool { Self.isSame(content, after, mode) }

    private static func isSame(_ content: FileContent?, _ text: String?, _ mode: UInt32?) -> Bool {
        guard let content, let text else { return content == nil && text == nil }
        // By its bytes: Swift's strings are equal when they look equal.
        return content.text.isSame(as: text) && (mode == nil || mode == content.mode)
    }
}

extension FileChange: StepPayload {
    package var subject: Subject { .file(Name(path)) }
    package var kind: StepRecord.Kind { .writeFile }
    package var effect: StepEffect { before == nil ? .add : after == nil ? .remove : .change }
    package var reversed: Step { .writeFile(back) }

    package var action: String {
        guard let after else { return "remove" }
        if isLink { return "link to \(after)" }
        let permissions = "mode 0\(String(mode, radix: 8))"
        if before == nil { return "write, \(permissions)" }
        return formerMode ?? mode == mode ? "rewrite" : "rewrite, \(permissions)"
    }

    package func write(to record: inout StepRecord, _ files: inout StepFiles) {
        record.mode = mode
        record.formerMode = formerMode
        record.makesFolder = makesFolder
        record.before = files.keep(before, "file", record, "before", form: "txt")
        record.after = files.keep(after, "file", record, "after", form: "txt")
    }

    package func apply(to state: inout State) {}
}

/// A file's text and permissions.
package struct FileContent: Sendable, Equatable {
    @Bytewise package var text: String
    package var mode: UInt32

    /// What stands for a symbolic link instead of permissions, of which it has none of its own.
    package static let link: UInt32 = 0o120_777

    package init(text: String, mode: UInt32) {
        self.text = text
        self.mode = mode
    }
}
