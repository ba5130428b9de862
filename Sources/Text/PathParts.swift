/// A path's parts, by bytes.
extension String {
    /// What stands before the last slash; empty without one.
    package var pathFolder: String { String(cut(atLast: "/")?.before ?? "") }

    /// What stands behind the last slash; all of it without one.
    package var pathName: String { cut(atLast: "/").map { String($0.after) } ?? self }
}
