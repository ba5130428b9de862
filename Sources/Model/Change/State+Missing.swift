import SRIOV
package import XML

extension State {
    /// Takes functions that are gone out of a network's list: libvirt keeps a document that lists some, but defines none.
    package func removeMissing(from document: Document) throws(XMLError) {
        guard let listed = NetworkReader.configuration(in: document)?.addresses else { return }
        let present = listed.filter { function(at: $0) != nil }
        guard !present.isEmpty, present.count < listed.count else { return }
        try PoolDocument.set(.addresses(present), in: document)
    }
}
