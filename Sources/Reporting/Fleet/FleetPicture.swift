package import Model
package import Text

/// Who has which VF on many hosts: a card for each host; hosts of which all is the same have one together.
package struct FleetPicture: Sendable, Equatable {
    /// In the order in which the hosts were named.
    package var cards: [Card]
    /// What is wrong between hosts.
    package var findings: [Picture.Finding]

    /// - Parameter checks: those that only many hosts can tell.
    package init(cards: [Card], between checks: [Diagnostic]) {
        self.cards = cards
        findings = [Diagnostic.Severity.fail, .warn].flatMap { severity in
            Folded.all(checks.filter { $0.severity == severity }).map { said in
                Picture.Finding(isFailure: severity == .fail, code: said.first.code.rawValue, message: said.message)
            }
        }
    }

    package struct Card: Sendable, Equatable {
        package var hosts: [Name]
        package var content: Content

        package init(hosts: [Name], content: Content) {
            self.hosts = hosts
            self.content = content
        }
    }

    package enum Content: Sendable, Hashable {
        case host(Host)
        /// It gave no answer, for this reason.
        case missing(Name)
    }

    /// What one host has.
    package struct Host: Sendable, Hashable {
        package var pfs: [PF]
        /// Whether its kernel could say what the host itself does with its VFs.
        package var isFreeKnown: Bool
        /// Whether this is but what was asked for.
        package var isPart: Bool
        package var running: Int
        package var shutOff: Int
        /// Codes of what doctor finds wrong there.
        package var failures: [Name]
        package var warnings: [Name]
    }

    package struct PF: Sendable, Hashable {
        package var title: Name
        /// Address, state, driver, how many VFs.
        package var about: [Name]
        package var groups: [Group]
    }

    /// The VFs of a PF that one pool has, or none.
    package struct Group: Sendable, Hashable {
        package var pool: Name?
        package var isActive: Bool
        /// How many are free, its VLAN, its other PFs.
        package var about: [Name]
        package var uses: [VFUse]
        /// Guests that have one of them now, or for which one is kept.
        package var guests: [Guest]
        /// Guests that get any free one at their next start.
        package var next: [Name]
    }

    package struct Guest: Sendable, Hashable {
        package var name: Name
        /// Another than `taken` is said.
        package var use: VFUse
    }
}

extension FleetPicture {
    /// What is on it, in a sentence.
    package var summary: String {
        var (hosts, missing, pfs, vfs, free, isSure) = (0, 0, 0, 0, 0, true)
        for card in cards {
            hosts += card.hosts.count
            switch card.content {
            case .missing: missing += card.hosts.count
            case .host(let host):
                let uses = host.pfs.flatMap(\.groups).flatMap(\.uses)
                pfs += card.hosts.count * host.pfs.count
                vfs += card.hosts.count * uses.count
                free += card.hosts.count * uses.count { $0 == .free }
                isSure = isSure && host.isFreeKnown
            }
        }
        var parts = [Words.count(hosts, "host")]
        if missing > 0 { parts.append("\(missing) without an answer") }
        parts += [Words.count(pfs, "PF"), "\(Words.count(vfs, "VF")), \(isSure ? "" : "≤")\(free) free"]
        return parts.joined(separator: ", ")
    }

    /// Which uses VFs on it have, in the order in which they are explained.
    package var uses: [VFUse] {
        let found = Set(
            cards.flatMap { card -> [VFUse] in
                guard case .host(let host) = card.content else { return [] }
                return host.pfs.flatMap(\.groups).flatMap(\.uses)
            })
        return Self.order.filter(found.contains)
    }

    package static let order: [VFUse] = [.taken, .reserved, .outside, .host, .unknown, .later, .free]
}

extension FleetPicture.Host {
    /// `2 PFs, 16 VFs: 9 taken, 7 free; guests: 9 running, 2 shut off`.
    package var summary: String {
        guard !pfs.isEmpty else { return isPart ? "has no VF there" : "no PF that can have VFs is seen there" }
        let all = pfs.flatMap(\.groups).flatMap(\.uses)
        let uses = FleetPicture.order.compactMap { use in
            let count = all.count { $0 == use }
            return count > 0 ? "\(use == .free && !isFreeKnown ? "≤" : "")\(count) \(use.rawValue)" : nil
        }
        let vfs = Words.count(all.count, "VF") + (uses.isEmpty ? "" : ": " + uses.joined(separator: ", "))
        let guests = isPart ? "" : "; guests: \(running) running, \(shutOff) shut off"
        return "\(Words.count(pfs.count, "PF")), \(vfs)\(guests)"
    }
}
