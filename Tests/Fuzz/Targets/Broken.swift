/// A property that does not hold.
package struct Broken: Error, CustomStringConvertible {
    package let description: String

    init(_ words: String) { description = words }
}

/// Holds something to what it has to be.
func require(_ holds: @autoclosure () throws -> Bool, _ words: @autoclosure () -> String) throws {
    if try !holds() { throw Broken(words()) }
}
