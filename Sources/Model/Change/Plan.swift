package import Text

/// What will change, in order, and what people should know about it before they agree.
package struct Plan: Sendable, Equatable {
    /// One step with the words that explain it.
    package struct Item: Sendable, Equatable {
        package var step: Step
        /// What this does and what it keeps, for the plan's table; nil for steps that speak for themselves.
        @Bytewise package var detail: String?
        /// Steps that only bring reservations and the pool's persistent document in line with who holds what: undo
        /// computes them afresh instead of reversing them.
        package var isUpkeep: Bool
        /// The part it belongs to, counted from 0: a part is done whole or not at all, and what is done before one that
        /// fails stays. Most plans are one part.
        package var part: Int
        /// What is tried before anything is changed, for the step would be in vain.
        package var trials: [SettingsTrial] = []

        package init(_ step: Step, detail: String? = nil, isUpkeep: Bool = false, part: Int = 0) {
            self.step = step
            self.detail = detail
            self.isUpkeep = isUpkeep
            self.part = part
        }
    }

    package var items: [Item]
    package var warnings: [Diagnostic]
    /// Facts about the plan that are no warnings: what is dropped, when it takes effect.
    package var notes: [Note]

    package init(_ items: [Item] = [], warnings: [Diagnostic] = [], notes: [Note] = []) {
        self.items = items
        self.warnings = warnings
        self.notes = notes
    }

    package var isEmpty: Bool { items.isEmpty }
    package var steps: [Step] { items.map(\.step) }
    /// Each once, whoever wants it.
    package var trials: [SettingsTrial] {
        items.flatMap(\.trials).reduce(into: []) { trials, trial in
            let isKnown = trials.contains { $0.function == trial.function && $0.wanted == trial.wanted }
            if !isKnown { trials.append(trial) }
        }
    }
    package var cutsLink: Bool { items.contains { $0.step.cutsLink } }

    /// The places of each part's items, in order.
    package var parts: [Range<Int>] {
        var parts: [Range<Int>] = []
        for index in items.indices {
            if let last = parts.last, items[last.lowerBound].part == items[index].part {
                parts[parts.count - 1] = last.lowerBound..<index + 1
            } else {
                parts.append(index..<index + 1)
            }
        }
        return parts
    }

    package static func + (left: Plan, right: Plan) -> Plan {
        Plan(
            left.items + right.items,
            warnings: left.warnings + right.warnings.filter { !left.warnings.contains($0) },
            notes: left.notes + right.notes)
    }
}
