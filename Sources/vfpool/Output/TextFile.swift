import FoundationEssentials
import VFPoolCore

/// A file that the user names.
enum TextFile {
    /// - Throws: `invalid-template` when it can't be read.
    static func read(_ path: String?) throws(Failure) -> String? {
        guard let path else { return nil }
        do {
            return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        } catch let error as CocoaError {
            let reason = error.code == .fileReadNoSuchFile ? "there is no such file" : "it can't be read"
            throw Failure(.invalidTemplate, "the template \(path) can't be used", cause: reason)
        } catch {
            throw Failure(.invalidTemplate, "the template \(path) can't be used", cause: "it can't be read")
        }
    }
}
