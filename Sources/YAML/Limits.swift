/// How much a YAML text may hold, so that reading one takes bounded time and memory, whoever wrote it.
package struct Limits: Sendable {
    /// Bytes.
    package var size = 10 << 20
    /// Maps and lists within each other.
    package var depth = 32
    /// Scalars, lists and maps.
    package var nodes = 500_000

    /// Bytes of a scalar or a key; nil: as many as the text has.
    package var text: Int?

    package init() {}
}
