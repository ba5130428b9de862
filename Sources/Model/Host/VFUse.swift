/// What one virtual function is used for.
package enum VFUse: String, Sendable, Codable {
    /// No one holds it.
    case free
    /// No one holds it, but the running pool does not hand it out: it joins when the pool starts again.
    case later
    /// A guest holds it through its pool.
    case taken
    /// Kept for a guest that is shut off and has it pinned, or by a reservation whose holder is gone.
    case reserved
    /// A running guest holds it, but not through the pool.
    case outside
    /// The host itself, or a program on it, uses it.
    case host
    /// Can't be known here.
    case unknown
}
