/// Where something stands in a YAML text: line and column count from 1, in code points.
package struct Place: Sendable, Hashable, Comparable {
    package var line: Int
    package var column: Int
    /// How many code points of that line belong to it; at least 1.
    package var length: Int

    package init(line: Int, column: Int, length: Int = 1) {
        self.line = line
        self.column = column
        self.length = max(1, length)
    }

    package static func < (left: Place, right: Place) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
