import ArgumentParser
import Text

/// A name as it was typed.
extension Name: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
