package import Text

/// Where a spec says something: a file and a line.
package struct Origin: Sendable, Equatable, CustomStringConvertible {
    @Bytewise package var file: String
    package var line: Int

    package init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    package var description: String { "\(file):\(line)" }
}
