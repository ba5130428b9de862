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
            let (planned, stored) = (try Document(parsing: planned), try Document(parsing: stored))
            let found = Subset.differences(planned: planned.root, stored: stored.root)
            let consoles = try found.isEmpty ? [] : planned.select("/domain/devices/console/target")
            guard !consoles.isEmpty else { return found }
            // libvirt numbers consoles itself: 9.0 anew where a document is defined again, even as it printed it.
            for target in consoles { target[attribute: "port"] = nil }
            return Subset.differences(planned: planned.root, stored: stored.root)
        }
    }
}
