package import Text

/// The documents of one step, which the journal keeps in files beside its record.
package struct StepFiles {
    package private(set) var files: [(name: String, text: String)] = []

    /// - Parameters:
    ///   - what: what the document is of: `guest`, `network` or `file`.
    ///   - moment: which document it is: `before`, `after` or `device`.
    /// - Returns: the file's name.
    mutating func keep(
        _ text: String?, _ what: String, _ record: StepRecord, _ moment: String, form: String = "xml"
    ) -> String? {
        guard let text else { return nil }
        let file = "\(Self.padded(record.number))-\(what)-\(Self.fileName(record.name.string)).\(moment).\(form)"
        files.append((file, text))
        return file
    }

    mutating func keep(_ change: DocumentChange, as what: String, in record: inout StepRecord) {
        record.uuid = change.uuid
        record.before = keep(change.before, what, record, "before")
        record.after = keep(change.after, what, record, "after")
    }

    /// The name of the same file, had what it is of another name.
    package static func renamed(_ file: String, from name: Name, to other: Name) -> String {
        file.replacing(bytes: "-\(fileName(name.string)).", with: "-\(fileName(other.string)).")
    }

    private static func padded(_ number: Int) -> String {
        let text = String(number + 1)
        return String(repeating: "0", count: max(0, 3 - text.count)) + text
    }

    /// A guest's name as part of a file name: libvirt allows almost any character in it.
    private static func fileName(_ name: String) -> String {
        let isPlain = { (byte: UInt8) in byte.isLetter || byte.isDigit || byte.isOne(of: "._-") }
        return String(decoding: name.utf8.prefix(80).map { isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }
}
