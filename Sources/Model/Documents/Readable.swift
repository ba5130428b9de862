package import XML

extension Failure {
    /// That the document of something could not be read: `invalid-document`.
    package init(reading subject: String, _ error: XMLError) {
        self.init(.invalidDocument, "could not read the document of \(subject)", cause: error.message)
    }
}

/// Runs a reading of a document from libvirt, and says whose it was when it can't be read.
package func readable<T>(_ subject: String, _ body: () throws(XMLError) -> T) throws(Failure) -> T {
    do throws(XMLError) {
        return try body()
    } catch {
        throw Failure(reading: subject, error)
    }
}
