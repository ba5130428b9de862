import Glibc
import Model
import Text

/// Many documents in one file: a change of a thousand guests would else make thousands of files, which takes longer than all the
/// rest of its journal.
///
/// Each document is preceded by a line `== NAME BYTES` and followed by a line's end, so that it can be taken out without vfpool, too.
final class DocumentPack: Sendable {
    /// The documents of a change before and after it.
    static let planned = "documents.txt"
    /// Those that libvirt stored, one added after the other.
    static let stored = "stored.txt"
    private static let mark = Array("== ".utf8)
    /// Of a file name of the journal's there is less.
    private static let longestHead = 512

    private let descriptor: Int32
    private let path: String
    private let places: [Name: Range<Int>]

    /// What stands in the file as whole documents: the last one may be torn, for the power went while it was written.
    ///
    /// - Returns: nil where there is no such file.
    init?(_ name: String, in folder: OwnFolder) throws(Failure) {
        guard folder.exists(name) else { return nil }
        let file = try folder.openPlain(name)
        descriptor = file
        path = folder.path(name)
        var places: [Name: Range<Int>] = [:]
        var status = stat()
        if fstat(file, &status) == 0 {
            var start = 0
            while let (name, body) = Self.document(file, at: start), body.upperBound < status.st_size {
                places[name] = body
                start = body.upperBound + 1
            }
        }
        self.places = places
    }

    deinit { close(descriptor) }

    /// What stands before a document, and after it, in the file.
    static func wrapped(_ name: String, _ text: String) -> String { "== \(name) \(text.utf8.count)\n\(text)\n" }

    var names: some Sequence<Name> { places.keys }

    /// - Returns: nil where there is no such document in it.
    func text(_ name: Name) throws(Failure) -> String? {
        guard let place = places[name] else { return nil }
        guard let bytes = Self.bytes(descriptor, place), bytes.count == place.count else {
            throw Files.unreadable(path)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The document whose line stands there; nil where none does.
    private static func document(_ file: Int32, at start: Int) -> (name: Name, body: Range<Int>)? {
        guard let head = bytes(file, start..<start + longestHead), head.starts(with: mark),
            let end = head.firstIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        let words = head[mark.count..<end].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 2, let size = Int(digits: String(decoding: words[1], as: UTF8.self)),
            size <= Files.documentLimit
        else { return nil }
        let first = start + end + 1
        return (Name(String(decoding: words[0], as: UTF8.self)), first..<first + size)
    }

    /// Those of the file that stand there, as far as it goes.
    private static func bytes(_ file: Int32, _ place: Range<Int>) -> [UInt8]? {
        var isRead = true
        let bytes = [UInt8](unsafeUninitializedCapacity: place.count) { buffer, count in
            while count < place.count {
                let read = pread(
                    file, buffer.baseAddress.map { $0 + count }, place.count - count, place.lowerBound + count)
                if read < 0, errno == EINTR { continue }
                if read < 0 { isRead = false }
                if read <= 0 { break }
                count += read
            }
        }
        return isRead ? bytes : nil
    }
}
