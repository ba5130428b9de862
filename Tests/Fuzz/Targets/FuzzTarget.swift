package import TestSupport

/// One reader or editor of text from outside, the property that holds of it, and a way to make more text of its kind.
package protocol FuzzTarget {
    /// Gives it an input, and looks whether what has to hold does.
    ///
    /// - Returns: whether the input was accepted, which most have to be: behind a refusal nothing is tried.
    /// - Throws: `Broken` where something does not hold.
    func run(_ input: [UInt8]) throws -> Bool

    /// Another input of the same kind, mostly one that is accepted.
    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8]
}
