package import Text
package import XML

/// The mark that a pool had before another tool defined its network anew, without it: then nothing is kept out any more.
package struct LostMark: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        /// The running network still has the document from before.
        case running
        /// A change in the journal defined it with this mark.
        case journal
        /// The same, of a network of its name with another UUID.
        case journalByName
        /// Reservations in the running network are all that is left.
        case reservations
    }

    package var source: Source
    /// The element; nil where it is not known any more.
    @Bytewise package var element: String?
    /// What it says.
    package var mark: PoolMark?

    package init(_ source: Source, _ network: Document? = nil) {
        self.source = source
        guard let root = network?.root, let found = PoolDocument.markElement(in: root) else { return }
        element = found.canonical()
        mark = NetworkReader.mark(root)
    }
}

extension NetworkState {
    /// Whether the journal may know more of it than was read: what the mark said, or that vfpool itself took it away.
    package var mayHaveLostMark: Bool {
        isPool && !isManaged && (lostMark?.element == nil || lostMark?.source == .running)
    }

    /// Whether it was a pool of vfpool's, and no longer says so.
    package var hasLostMark: Bool { isPool && !isManaged && lostMark != nil }
}
