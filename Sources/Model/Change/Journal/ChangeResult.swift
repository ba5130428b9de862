/// How a change ended.
package enum ChangeResult: String, Sendable, Codable {
    /// Everything planned is in place.
    case done
    /// It failed or was interrupted, and everything was put back.
    case reverted
    /// It stopped on the way: the parts before stay, and what was begun after them was put back.
    case partial
    /// It failed, and something may still be in place.
    case failed
    /// It never ended: vfpool was killed, or the machine went down. Never written, only concluded.
    case unfinished
}
