package import Model
import SRIOV
import Text
import XML

/// What interfaces were before they were bound, from the journal.
package struct History {
    private let journal: any PastChanges
    private let uri: String

    package init(_ journal: any PastChanges, uri: String) {
        self.journal = journal
        self.uri = uri
    }

    /// What the interface was before the newest change that put it on a pool; nil if the journal has none.
    ///
    /// `unread` names newer changes that can't be read, which may know better.
    func former(
        _ interface: GuestInterface, of guest: Guest
    ) throws(Failure) -> (interface: FormerInterface?, unread: [String]) {
        let place = journal.place(uri)
        var unread: [String] = []
        var found: FormerInterface?
        try journal.scan { (name, result) throws(Failure) in
            guard case .success(let entry) = result else {
                unread.append(name.text)
                return true
            }
            guard place.isOrigin(of: entry.header) else { return true }
            found = try former(interface, of: guest, in: entry) { unread.append(entry.id) }
            return found == nil
        }
        return (found, unread)
    }

    /// What the interface was before a change, if that is what put it on a pool.
    ///
    /// - Parameter unreadable: called for each of its documents that can't be read.
    func former(
        _ interface: GuestInterface, of guest: Guest, in entry: Entry, unreadable: () -> Void
    ) throws(Failure) -> FormerInterface? {
        for record in entry.stepsInPlace.reversed()
        where record.kind == .defineGuest && record.uuid == guest.uuid {
            guard let before = record.before, let after = record.stored ?? record.after else { continue }
            guard let old = try? journal.document(before, of: entry),
                let new = try? journal.document(after, of: entry)
            else {
                unreadable()
                continue
            }
            if let found = try Self.former(interface, before: old, after: new, guest: guest.name) { return found }
        }
        return nil
    }

    /// That an older change had to tell what an interface was; nil where the newest could.
    static func doubt(_ unread: [String], _ subject: String) -> Diagnostic? {
        guard !unread.isEmpty else { return nil }
        return Diagnostic(
            .unknown,
            "\(subject): what it was before is taken from an older change, because \(Words.list(unread)) can't be read",
            hints: ["name a target instead: `--to-network NAME`, `--to-bridge NAME` or `--to-vf ADDRESS`"])
    }

    /// The counterpart in the document before, if this change is what put the interface on a pool.
    private static func former(
        _ interface: GuestInterface, before: String, after: String, guest: Name
    ) throws(Failure) -> FormerInterface? {
        try readable("guest \(guest) in the journal") { () throws(XMLError) in
            let old = try Document(parsing: before)
            let then = try Document(parsing: after)
            guard let placed = try counterpart(interface, in: then), placed.attachment.networkName != nil,
                let original = try counterpart(placed, in: old),
                original.attachment.networkName == nil
                    || original.attachment.networkName != placed.attachment.networkName
                    || (interface.isTeamed && placed.isTeamed && !original.isTeamed)
            else { return nil }
            let element = try old.selectOne(original.path).canonical()
            if let (persistent, pair) = try pair(original, placed, from: old, in: then) {
                let now = pair == .persistent ? persistent : placed
                let other = pair == .both ? try self.other(original, placed.mac, in: old) : nil
                return FormerInterface(
                    element: element, placed: try then.selectOne(now.path).canonical(), pair: pair, other: other)
            }
            return FormerInterface(element: element, placed: try then.selectOne(placed.path).canonical())
        }
    }

    /// The persistent half that this change gave an interface, and which half the interface became; nil if it made no pair.
    private static func pair(
        _ original: GuestInterface, _ placed: GuestInterface, from old: Document, in then: Document
    ) throws(XMLError) -> (GuestInterface, FormerPair)? {
        guard placed.isTeamed, !original.isTeamed, let alias = placed.partner,
            let persistent = try interfaces(in: then).first(where: { $0.alias == alias })
        else { return nil }
        // Both were there, bonded by the guest.
        if try other(original, placed.mac, in: old) != nil { return (persistent, .both) }
        // The half that it became is where it was in the guest.
        let stood = original.guestAddress != nil && original.guestAddress == persistent.guestAddress
        let isLike = original.guestAddress == nil && original.attachment == persistent.attachment
        return (persistent, stood || isLike ? .persistent : .transient)
    }

    /// Another interface that had the MAC of one, or that a plain hostdev was to have.
    private static func other(
        _ original: GuestInterface, _ mac: MACAddress?, in old: Document
    ) throws(XMLError) -> String? {
        let others = try interfaces(in: old).filter { other in
            other.index != original.index && other.mac != nil && other.mac == mac
        }
        guard let other = others.first, others.count == 1 else { return nil }
        return try old.selectOne(other.path).canonical()
    }

    private static func interfaces(in document: Document) throws(XMLError) -> [GuestInterface] {
        try GuestReader.interfaces(in: document, functions: GuestReader.pinnedAddresses(in: document))
    }

    /// By MAC and, for what had no MAC then, by its place in the guest.
    private static func counterpart(
        _ interface: GuestInterface, in document: Document
    ) throws(XMLError) -> GuestInterface? {
        let all = try interfaces(in: document)
        let same = all.filter {
            $0.mac != nil && $0.mac == interface.mac && $0.isPersistentHalf == interface.isPersistentHalf
        }
        // A VF and an emulated card that have one MAC without being a pair by <teaming>.
        let alike = { (other: GuestInterface) in other.attachment == interface.attachment }
        let isPin = { (other: GuestInterface) in other.attachment.pinnedAddress != nil }
        let place = { (other: GuestInterface) in
            other.guestAddress != nil && other.guestAddress == interface.guestAddress
        }
        return same.first(where: place) ?? all.first { $0.mac == nil && place($0) } ?? same.first(where: alike)
            ?? same.first(where: isPin) ?? same.first
    }
}

/// What an interface was before it was bound, and what binding made of it.
struct FormerInterface {
    /// The element before.
    var element: String
    /// The element as the change left it: what differs from it now was changed since, and stays.
    var placed: String
    /// Which half of a pair binding made of it; nil for none.
    var pair: FormerPair?
    /// The half that lasts, as it was where both were there.
    var other: String?
}
