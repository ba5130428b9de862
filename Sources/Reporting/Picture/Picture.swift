package import Model
package import Text

/// Who has which VF as things with lines between them, before anybody decides where on a page a thing goes.
package struct Picture: Sendable, Equatable {
    package var uri: String
    package var bands: [Band]
    /// Everyone that a line leads to, by the key that lines have.
    package var guests: [Name: Person]
    /// Those that mark something, worst first, then those of the machine; numbers of marks are places in it, from 1.
    package var findings: [Finding]

    /// The PFs of one NUMA node.
    package struct Band: Sendable, Equatable {
        /// Nil where the kernel names none, or can't be asked.
        package var node: Int?
        package var pfs: [PF]
    }

    package struct PF: Sendable, Equatable {
        package var title: Name
        /// Nil for one that is not on this host.
        package var address: String?
        /// Nil for one that is not on this host.
        package var driver: String?
        package var state: String
        package var vfs: String
        package var mark: Mark
        package var groups: [Group]
    }

    /// The VFs of a PF that one pool has, or none.
    package struct Group: Sendable, Equatable {
        package var pool: Pool?
        package var rows: [Row]
    }

    package struct Pool: Sendable, Equatable {
        package var name: Name
        package var isActive: Bool
        package var vlan: Int?
        package var portgroups: [Portgroup]
        /// Nil where it is not known which VFs it has.
        package var counts: FunctionCounts?
        /// Where it has VFs of other PFs too.
        package var others: [Name]
        package var mark: Mark
    }

    /// A guest, as what lines lead to.
    package struct Person: Sendable, Equatable {
        package var name: Name
        /// Nil where only its name is known.
        package var isActive: Bool?
        package var startsAtBoot: Bool
        /// PFs whose VFs it has or gets.
        package var pfs: [Name]
        package var mark: Mark
    }

    /// What doctor says of one kind of thing.
    package struct Finding: Sendable, Equatable {
        package var isFailure: Bool
        package var code: String
        package var message: String
    }

    /// Which findings are about a thing.
    package struct Mark: Sendable, Equatable {
        package var numbers: [Int] = []
        package var isFailure = false

        package init() {}
    }
}

extension Picture {
    package var pfs: [PF] { bands.flatMap(\.pfs) }

    /// What is on it, in a sentence.
    package var summary: String {
        let pools = Set(pfs.flatMap { $0.groups.compactMap(\.pool?.name) }).count
        let running = guests.values.count { $0.isActive == true }
        let off = guests.values.count { $0.isActive == false }
        var parts = [
            Words.count(pfs.count, "PF"), Words.count(pools, "pool"), "\(running) running and \(off) shut-off guests",
        ]
        parts.append(findings.isEmpty ? "no finding" : Words.count(findings.count, "finding"))
        return parts.joined(separator: ", ")
    }
}
