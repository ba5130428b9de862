import Text
import XML

/// Holds what libvirt stored against what was planned: libvirt may add defaults, but nothing planned may be missing.
package enum StoredDocument {
    package static func differences(planned: String?, stored: String?) throws(Failure) -> [String] {
        guard let planned else { return stored == nil ? [] : ["it is still there"] }
        guard let stored else { return ["it is not there"] }
        // Mostly libvirt stores what it was given.
        if Document.areSameText(planned, stored) { return [] }
        return try readable("a change") { () throws(XMLError) in
            // Or lays it out anew; comparing element by element costs more.
            if try Document.canonical(of: planned).isSame(as: Document.canonical(of: stored)) { return [] }
            return Subset.differences(
                planned: try Document(parsing: planned).root, stored: try Document(parsing: stored).root)
        }
    }
}
