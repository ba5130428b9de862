/// Which part of a document is wanted: of the elements directly in one of this name, only those of these names.
///
/// Most of the time that parsing takes goes into making nodes, and most of a document is often never looked at.
package struct Part: Sendable {
    private let parent: [CChar]
    private let kept: [CChar]

    package init(of parent: String, keeping names: [String]) {
        self.parent = Array(parent.utf8CString)
        kept = names.flatMap { $0.utf8CString } + [0]
    }

    static func withPointers<Result>(
        _ part: Part?, _ body: (UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Result
    ) -> Result {
        guard let part else { return body(nil, nil) }
        return part.parent.withUnsafeBufferPointer { parent in
            part.kept.withUnsafeBufferPointer { kept in body(parent.baseAddress, kept.baseAddress) }
        }
    }
}
