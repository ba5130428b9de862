package import Text

/// A message that is said together with others of its kind, where there are many.
package protocol Foldable: Sendable {
    var message: String { get }
    var hints: [Hint] { get }
    /// What they have in common that are of one kind: a code and how bad it is.
    var kind: Name { get }
    /// The words for many; nil for a kind that seldom comes in numbers.
    var fold: Fold? { get }
    /// What it is about, where there are no such words: `guest` and `vm1`.
    var about: (noun: String, name: Name)? { get }
}
