import FoundationEssentials

/// The inputs in the tree: seeds, to begin with, and finds, each of which once showed a fault.
package enum FuzzInputs {
    /// `Tests/Fuzz`.
    private static let folder = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")

    /// - Parameter kind: `seeds` or `finds`.
    /// - Returns: the inputs of a target by their files' names, in order.
    package static func all(_ kind: String, of target: String) -> [(name: String, input: [UInt8])] {
        let folder = "\(folder)/\(kind)/\(target)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            (try? Data(contentsOf: URL(filePath: "\(folder)/\(name)"))).map { ("\(kind)/\(target)/\(name)", Array($0)) }
        }
    }

    static func seeds(_ target: String) -> [[UInt8]] { all("seeds", of: target).map(\.input) }
}
