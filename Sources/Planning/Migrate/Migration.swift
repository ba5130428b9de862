package import Model
package import Text

/// What a migration will do, guest by guest, and what it leaves alone and why.
package struct Migration: Sendable {
    /// When an interface is on its pool.
    package enum Effect: String, Sendable {
        /// The guest is shut off: from its next start on, which is all there is.
        case now
        /// The running guest keeps its function until it stops.
        case nextStart = "next start"
        /// Moved while the guest runs, its link down for a moment.
        case live
    }

    /// One interface.
    package struct Row: Sendable, Equatable {
        package var guest: Name
        package var interface: Int
        package var from: String
        package var pool: Name
        package var mac: String
        /// Where the MAC came from.
        package var source: String
        package var vlan: Int?
        package var effect: Effect
    }

    /// A guest that stays as it is.
    package struct LeftOut: Sendable, Equatable {
        package var guest: Name
        package var failure: Failure
    }

    /// A pool's functions and who will want them.
    package struct Capacity: Sendable, Equatable {
        package var pool: Name
        package var functions: Int
        /// Held by somebody outside the pool, also after a reboot.
        package var heldElsewhere: Int
        /// Interfaces on the pool before and after.
        package var before: Int
        package var after: Int
        /// Interfaces, after, of guests that start at boot.
        package var autostart: Int
    }

    package var plan = Plan()
    package var rows: [Row] = []
    package var leftOut: [LeftOut] = []
    package var capacity: [Capacity] = []
    /// Pins that are no candidates: reported, so that nobody thinks they were overlooked.
    package var mentions: [Note] = []
    /// Guests with a macvtap over a VF that was not asked for.
    package var withMacvtap: Set<Name> = []
    /// Guests with a VF in a way that can't be changed here, as on QEMU's command line.
    package var withOtherVF: Set<Name> = []
}

extension Migration.LeftOut: Foldable {
    package var message: String {
        let cause = failure.cause.map { ": \($0)" } ?? ""
        return "guest \(guest) is left out [\(failure.code.rawValue)]: \(failure.message)\(cause)"
    }

    package var hints: [Hint] { failure.hints }
    package var kind: Name { Name(failure.code.rawValue) }
    package var fold: Fold? { nil }
    package var about: (noun: String, name: Name)? { ("guest", guest) }
}
