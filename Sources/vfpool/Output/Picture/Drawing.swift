/// Shapes and words at places, in pixels: what a picture is before it is SVG.
struct Drawing: Equatable {
    enum Shape: Equatable {
        case rectangle(x: Int, y: Int, width: Int, height: Int, radius: Int, classes: String)
        case circle(x: Int, y: Int, radius: Int, classes: String)
        /// As the attribute `d` has it.
        case path(String, classes: String)
        /// `y` is where the letters stand.
        case text(String, x: Int, y: Int, classes: String)
    }

    /// Shapes that are one thing to who can't see them.
    struct Symbol: Equatable {
        var title: String
        var shapes: [Shape] = []
    }

    var title: String
    var summary: String
    var width = 0
    var height = 0
    /// Behind everything.
    var ground: [Shape] = []
    var lines: [Symbol] = []
    var symbols: [Symbol] = []
    /// Headings and explanations.
    var words: [Shape] = []

    /// Puts the paper behind everything, when all is drawn.
    ///
    /// - Parameter y: where that ends.
    mutating func end(at y: Int) {
        height = y + PicturePlaces.margin
        ground.insert(.rectangle(x: 0, y: 0, width: width, height: height, radius: 8, classes: "paper"), at: 0)
    }
}
