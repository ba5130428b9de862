import Model
import Text

/// Plans in a row, each made from the picture that those before leave.
struct PlanChain {
    private(set) var picture: State
    private var plan = Plan()
    private var countsVFs = false

    init(_ state: State) { picture = state }

    mutating func add(_ next: Plan) throws(Failure) {
        var next = next
        // Groups of VFs that are not there yet are not known, which is not "none".
        if countsVFs { next.warnings.removeAll { $0.code == .noGroup } }
        // Files that several plans write alike are written once.
        let files = plan.steps.filter { $0.fileChange != nil }
        next.items.removeAll { files.contains($0.step) }
        next.notes.removeAll { plan.notes.contains($0) }
        picture = try picture.after(next.items)
        plan = plan + next
        countsVFs = countsVFs || next.steps.contains(where: \.makesFunctions)
    }

    /// The whole, with what a guest's document becomes, and a network's in a row of steps, as one step.
    var folded: Plan {
        var whole = plan
        whole.items = []
        // A guest's document is changed once in a change, whatever stands between: else it could not be taken back.
        var guests: [Name: Int] = [:]
        for item in plan.items {
            var place = whole.items.indices.last
            if case .defineGuest(let change) = item.step {
                place = guests[Name(change.uuid)] ?? place
                if guests[Name(change.uuid)] == nil { guests[Name(change.uuid)] = whole.items.count }
            }
            if let place, let both = Self.fold(whole.items[place], item) {
                whole.items[place] = both
            } else {
                whole.items.append(item)
            }
        }
        return whole
    }

    private static func fold(_ first: Plan.Item, _ next: Plan.Item) -> Plan.Item? {
        guard first.isUpkeep == next.isUpkeep else { return nil }
        var both = next
        both.trials = first.trials + next.trials
        switch (first.step, next.step) {
        case (.defineGuest(let before), .defineGuest(var after)) where Name(before.uuid) == Name(after.uuid):
            after.before = before.before
            both.step = .defineGuest(after)
        case (.defineNetwork(let before), .defineNetwork(var after)) where before.name == after.name:
            after.before = before.before
            both.step = .defineNetwork(after)
        default: return nil
        }
        let details = [first.detail, next.detail].compactMap(\.self)
        both.detail = details.isEmpty ? nil : details.joined(separator: "; ")
        return both
    }
}
