import XML

/// Runs a reading of a document from libvirt, and says whose it was when it can't be read.
func readable<T>(_ subject: String, _ body: () throws(XMLError) -> T) throws(Failure) -> T {
    do throws(XMLError) {
        return try body()
    } catch {
        throw Failure(.invalidDocument, "could not read the document of \(subject)", cause: error.message)
    }
}
