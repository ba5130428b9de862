import Model

/// How a part of a plan failed.
struct PartStop: Error {
    var failure: Failure
    /// `reverted`, or `failed` where something of it may still be in place.
    var result: ChangeResult
    /// What may still be in place, in words.
    var left: [String] = []
    /// What libvirt may still do, in words: it was asked, and the connection was lost before the answer.
    var possible: [String] = []
    /// Whether anything of it was begun, and so put back.
    var wasBegun: Bool
}
