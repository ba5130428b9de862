import Testing

/// Where the tests start. Without it SwiftPM makes one of what the compiler's index says, and tests are built without index.
@main struct Entry {
    static func main() async { await Testing.__swiftPMEntryPoint() as Never }
}
