package import FoundationEssentials
package import Model
import Text

/// Which old changes of a journal nobody can want any more.
package struct Pruning: Sendable {
    /// Why an old change stays.
    package enum Reason: String, Sendable, CaseIterable {
        /// What it did is not known.
        case unreadable
        case otherHost = "other-host"
        /// It did not end well, and something of it is in place.
        case inPlace = "in-place"
        /// It is the one that `undo` would take back.
        case undoable
        /// It knows what an interface was that is on a pool now.
        case formerInterface = "former-interface"
        /// One that stays goes on with it.
        case resumed
        /// It took back one that stays, which would count again without it.
        case undoes
        /// Its number must not be given again.
        case newest
    }

    package struct Kept: Sendable {
        package var id: String
        package var reason: Reason
    }

    /// Those to remove, the oldest first.
    package private(set) var removed: [String] = []
    /// Those that are old enough and stay, the oldest first.
    package private(set) var kept: [Kept] = []
    /// How many are not old enough.
    package private(set) var younger = 0

    /// - Parameters:
    ///   - age: in seconds.
    ///   - force: whether only the newest stays.
    package init(
        _ journal: any PastChanges, _ state: State, olderThan age: Int, force: Bool = false, now: Date = Date()
    ) throws(Failure) {
        let names = try journal.names()
        let old = Self.old(names, age: age, now: now)
        younger = names.count - old.count
        guard !old.isEmpty else { return }
        var reasons: [String: Reason] = [:]
        var links = Links()
        if !force { (reasons, links) = try Self.reasons(journal, state, names) }
        if let newest = names.last { reasons[newest.text] = reasons[newest.text] ?? .newest }
        links.extend(&reasons, old: Set(old.map(\.text)), all: Set(names.map(\.text)))
        for name in old {
            if let reason = reasons[name.text] {
                kept.append(Kept(id: name.text, reason: reason))
            } else {
                removed.append(name.text)
            }
        }
    }

    /// Those that were made before a point in time, the oldest first.
    ///
    /// A clock may have been wrong: a change was made no earlier than the one before it, and none was made in the future.
    private static func old(_ names: [ChangeName], age: Int, now: Date) -> [ChangeName] {
        let today = Timestamp.identifier(now)
        let edge = Timestamp.identifier(now.addingTimeInterval(-Double(age)))
        var time: String?
        return names.prefix { name in
            let own = name.time
            if !ChangeName.isTime(today, before: own), time.map({ ChangeName.isTime($0, before: own) }) ?? true {
                time = own
            }
            return time.map { ChangeName.isTime($0, before: edge) } ?? true
        }
    }

    /// Why changes stay, each for itself.
    private static func reasons(
        _ journal: any PastChanges, _ state: State, _ names: [ChangeName]
    ) throws(Failure) -> (reasons: [String: Reason], links: Links) {
        let place = journal.place(state.uri)
        let history = History(journal, uri: state.uri)
        var bound = bound(state)
        var reasons: [String: Reason] = [:]
        var links = Links()
        var undone: Set<String> = []
        var hasUndoable = false
        // The newest first: what undid a change, and what bound an interface last, is known when an older one comes.
        try journal.scan(names) { (name, result) throws(Failure) in
            guard case .success(let entry) = result else {
                reasons[name.text] = .unreadable
                return true
            }
            links.note(entry)
            guard place.isOrigin(of: entry.header) else {
                reasons[entry.id] = .otherHost
                return true
            }
            if let id = entry.header.undoes, entry.result == .done, !undone.contains(entry.id) { undone.insert(id) }
            let isDone = entry.result == .done || undone.contains(entry.id)
            if !isDone, !entry.stepsInPlace.isEmpty {
                reasons[entry.id] = .inPlace
            } else if !hasUndoable, !undone.contains(entry.id), entry.header.undoes == nil || entry.result != .done,
                entry.stepsInPlace.contains(where: { !$0.isUpkeep })
            {
                hasUndoable = true
                reasons[entry.id] = .undoable
            }
            let guests = Set(entry.steps.compactMap { $0.kind == .defineGuest ? $0.uuid : nil })
            for (index, pair) in bound.enumerated().reversed() where guests.contains(pair.guest.uuid) {
                var isUnread = false
                let former = try history.former(pair.interface, of: pair.guest, in: entry) { isUnread = true }
                guard former != nil || isUnread else { continue }
                reasons[entry.id] = reasons[entry.id] ?? (isUnread ? .unreadable : .formerInterface)
                if former != nil { bound.remove(at: index) }
            }
            return true
        }
        return (reasons, links)
    }

    /// Interfaces on pools, which `unbind` makes what they were.
    private static func bound(_ state: State) -> [(guest: Guest, interface: GuestInterface)] {
        let pools = Set(state.pools.map(\.name))
        return state.guests.flatMap { guest in
            guest.interfaces.filter { $0.attachment.networkName.map(pools.contains) ?? false }.map { (guest, $0) }
        }
    }
}

extension Pruning {
    /// Which changes took back or go on with which others.
    fileprivate struct Links {
        private var undoes: [(id: String, other: String)] = []
        private var resumes: [(id: String, other: String)] = []

        mutating func note(_ entry: Entry) {
            if let other = entry.header.undoes { undoes.append((entry.id, other)) }
            if let other = entry.header.resumes { resumes.append((entry.id, other)) }
        }

        /// Adds those that stay because others do.
        ///
        /// - Parameter old: those of all that do not stay anyhow.
        func extend(_ reasons: inout [String: Reason], old: Set<String>, all: Set<String>) {
            var count = -1
            while count != reasons.count {
                count = reasons.count
                let stays = { [reasons] (id: String) in reasons[id] != nil || (all.contains(id) && !old.contains(id)) }
                for link in resumes where stays(link.id) && old.contains(link.other) {
                    reasons[link.other] = reasons[link.other] ?? .resumed
                }
                for link in undoes where stays(link.other) && old.contains(link.id) {
                    reasons[link.id] = reasons[link.id] ?? .undoes
                }
            }
        }
    }
}
