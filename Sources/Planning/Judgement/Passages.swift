import Model

/// What becomes of a guest's interfaces when one document of its takes the place of another.
struct Passages {
    /// Interfaces that are another's successor, in the present document's order.
    private(set) var pairs: [(now: GuestInterface, then: GuestInterface)] = []
    /// Those that go.
    private(set) var gone: [GuestInterface]
    /// Those that come.
    private(set) var new: [GuestInterface]

    init(_ now: [GuestInterface], to then: [GuestInterface]) {
        (gone, new) = (now, then)
        // What does not change is out of the way first.
        match { $0.mac == $1.mac && $0.attachment == $1.attachment && $0.isPersistentHalf == $1.isPersistentHalf }
        match { $0.mac != nil && $0.mac == $1.mac && $0.isPersistentHalf == $1.isPersistentHalf }
        match { $0.mac != nil && $0.mac == $1.mac }
        // A plain hostdev has no MAC: its place in the guest tells it, or that it is the only kind without.
        match { ($0.mac == nil || $1.mac == nil) && $0.guestAddress != nil && $0.guestAddress == $1.guestAddress }
        match { ($0.mac == nil) != ($1.mac == nil) }
        pairs.sort { $0.now.index < $1.now.index }
    }

    private mutating func match(_ isSame: (GuestInterface, GuestInterface) -> Bool) {
        gone.removeAll { now in
            guard let place = new.firstIndex(where: { isSame(now, $0) }) else { return false }
            pairs.append((now, new.remove(at: place)))
            return true
        }
    }

    /// In words for the plan, but for what stays as it is.
    func details(_ guest: Guest, _ state: State) -> [String] {
        let macs = Set(pairs.map(\.now.mac))
        return changed.map { now, then in
            let half =
                gone.contains { $0.mac != nil && $0.mac == now.mac } ? ", without the other half of its pair" : ""
            return "interface \(now.index): \(Passage(from: now, to: then, of: guest, state).words)\(half)"
        } + gone.filter { !macs.contains($0.mac) }.map { "without \($0.summary)" } + new.map { "with \($0.summary)" }
    }

    /// Those that get another attachment or VLAN.
    var changed: [(now: GuestInterface, then: GuestInterface)] {
        pairs.filter { $0.now.attachment != $0.then.attachment || $0.now.vlan != $0.then.vlan }
    }
}
