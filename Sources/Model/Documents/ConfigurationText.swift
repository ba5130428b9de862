import Text

/// Small readings of configuration files that all look much alike.
package enum ConfigurationText {
    /// Lines without comments, and without those that are empty then.
    package static func lines(_ text: String) -> [String] {
        text.lines.map(String.init).filter { line in
            guard let start = line.utf8.first(where: { !$0.isBlank }) else { return false }
            return !start.isOne(of: "#;")
        }
    }
}
