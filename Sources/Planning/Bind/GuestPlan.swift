import Model
import Text

/// The part of a plan that concerns one guest: its document, its live devices, and what to know about them.
struct GuestPlan {
    private let edit: GuestEdit
    private let pools: [NetworkState]
    private let plan: Plan

    /// - Parameters:
    ///   - pools: where the guest's interfaces go, for advice.
    ///   - state: the picture that the plan is made from.
    init(
        _ edit: GuestEdit, _ moves: [LiveMove], pools: [NetworkState], warnings: [Diagnostic] = [], notes: [Note],
        _ state: State
    ) throws(Failure) {
        self.edit = edit
        self.pools = pools
        var items = [try edit.item(state)].compactMap(\.self)
        var picture = try state.after(items)
        for move in moves { items += try move.items(&picture) }
        var notes = notes
        if edit.guest.isActive, moves.isEmpty, !edit.isUnchanged {
            notes.append(Self.later(edit.guest))
        }
        plan = Plan(items, warnings: warnings, notes: notes)
    }

    /// That a running guest keeps what it has until it stops.
    static func later(_ guest: Guest) -> Note {
        Note(
            "guest \(guest.name) is running: this takes effect when it is shut down and started again",
            Fold("guest", guest.name, "are running: this takes effect when they are shut down and started again"))
    }

    /// One plan for several guests. Reservations and persistent documents are brought in line once, at the end.
    static func combined(
        _ state: State, _ guests: [Name], _ make: (Int, State) throws(Failure) -> GuestPlan
    ) throws(Failure) -> Plan {
        var picture = state
        var whole = Plan()
        var parts: [GuestPlan] = []
        for index in guests.indices {
            let part = try make(index, picture)
            picture = try picture.after(part.plan.items)
            whole = whole + part.plan
            parts.append(part)
        }
        let upkeep = try Upkeep.items(picture)
        let (before, after) = Upkeep.split(upkeep, after: whole.items, in: state)
        whole.items = before + whole.items + after
        guard !whole.isEmpty else { return Plan() }
        picture = try picture.after(upkeep)
        for part in parts {
            for warning in BindAdvice.warnings(part.edit.guest, part.pools, picture)
            where !whole.warnings.contains(warning) {
                whole.warnings.append(warning)
            }
        }
        return whole
    }
}
