package import Model
package import Text

extension Picture {
    /// One VF, several that nothing tells apart, or the one that a guest gets at its next start.
    package struct Row: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            case vf(VFUse)
            /// Any free VF of the pool.
            case nextStart
            /// A VF that somebody has, but which one is not known.
            case someVF
            /// Those that were not asked for.
            case others
        }

        package var kind: Kind
        /// `VF 3`, `VFs 3-7`.
        package var title: String
        /// PCI address; nil for several.
        package var address: String?
        /// `free`, `reserved`; nil where the line says it.
        package var state: String?
        /// What the host does with it, or why that is not known.
        package var reason: String?
        /// Who else counts on it.
        package var otherHolders: [String] = []
        package var links: [Link] = []
        /// Guests that are left out, for there are many.
        package var more = 0
        package var mark = Mark()
    }

    /// A line from a VF to a guest.
    package struct Link: Sendable, Equatable {
        /// In `guests`.
        package var guest: Name
        /// At its next start; else now.
        package var isNext: Bool
        package var mac: String?
        package var portgroup: Name?
        package var vlan: Int?

        /// `52:54:00:00:00:01 dmz VLAN 42`.
        package var words: String {
            [mac, portgroup?.string, vlan.map { "VLAN \($0)" }].compactMap(\.self).joined(separator: " ")
        }
    }
}
