/// Where the columns of a PF's part of the picture are, and how large things are, in pixels.
enum PicturePlaces {
    static let margin = 16
    static let padding = 16

    static let pf = Column(x: 0, width: 150)
    static let pool = Column(x: 178, width: 172)
    static let vf = Column(x: 378, width: 204)
    /// What is said of a line, above it.
    static let label = Column(x: 582, width: 190)
    static let guest = Column(x: 808, width: 176)
    static let width = 984

    /// From one VF to the next.
    static let pitch = 26
    static let rowHeight = 22
    /// Between the pools of a PF.
    static let groupGap = 10
    static let pfGap = 18
    static let lineHeight = 16
    /// Of the letters.
    static let size = 12
    static let small = 10
    static let dim = 11
    static let badge = 7

    struct Column {
        var x: Int
        var width: Int

        var end: Int { x + width }
    }
}
