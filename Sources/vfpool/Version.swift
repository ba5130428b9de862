/// The version of vfpool, in its one place: Tests/Package/versions holds the changelogs and packages to it.
extension VFPool {
    static let version = "0.1.0"
    /// The day of that version.
    static let released = "2026-11-29"
}
