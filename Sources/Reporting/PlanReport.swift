package import Model
import Parallel
import Text
import XML

/// A plan as people and programs see it: what each document becomes, every step, and the closing count.
package struct PlanReport: Sendable, Equatable {
    /// One object's document before and after the whole plan, whatever it is in between.
    package struct Change: Sendable, Equatable {
        package var subject: Subject
        package var isNew: Bool
        package var isRemoved: Bool
        /// Both sides by the same printer, without secrets.
        package var diff: UnifiedDiff
    }

    package var changes: [Change]
    package var items: [Plan.Item]
    package var warnings: [Diagnostic]
    package var notes: [Note]
    package var added: Int
    package var changed: Int
    package var removed: Int

    /// - Throws: `invalid-document`.
    package init(_ plan: Plan) throws(Failure) {
        items = plan.items
        warnings = plan.warnings
        notes = plan.notes
        added = plan.items.count { $0.step.effect == .add }
        changed = plan.items.count { $0.step.effect == .change }
        removed = plan.items.count { $0.step.effect == .remove }
        changes = try Self.changes(plan)
        for change in plan.steps.compactMap(\.fileChange)
        where !change.before.isSame(as: change.after) && !change.isLink {
            changes.append(
                Change(
                    subject: change.subject, isNew: change.before == nil,
                    isRemoved: change.after == nil,
                    diff: UnifiedDiff(from: change.before ?? "", to: change.after ?? "")))
        }
    }

    /// Many at once: of a thousand guests, reading and comparing the documents is what takes longest.
    private static func changes(_ plan: Plan) throws(Failure) -> [Change] {
        try inParallel(wholeChanges(plan), width: 4) { (change) throws(Failure) -> Change? in
            let before = try view(change.before, change.subject)
            let after = try view(change.after, change.subject)
            guard !before.isSame(as: after) else { return nil }
            return Change(
                subject: change.subject, isNew: change.before == nil, isRemoved: change.after == nil,
                diff: UnifiedDiff(from: before, to: after))
        }.compactMap(\.self)
    }

    /// The documents of the command's own objects that the plan leaves behind, each in its last state, as it will be
    /// sent to libvirt. What upkeep does to other objects counts only where the plan is nothing but upkeep.
    package static func documents(_ plan: Plan) -> [String] {
        let own = Set(plan.items.filter { !$0.isUpkeep }.map { $0.step.subject })
        return wholeChanges(plan).filter { own.isEmpty || own.contains($0.subject) }.compactMap(\.after)
    }

    /// What upkeep redefines besides.
    package static func othersInLine(_ plan: Plan) -> [Subject] {
        let own = Set(plan.items.filter { !$0.isUpkeep }.map { $0.step.subject })
        return own.isEmpty ? [] : wholeChanges(plan).map(\.subject).filter { !own.contains($0) }
    }

    /// Each document that the plan changes, as it was before all steps and as it is after them.
    package static func wholeChanges(_ plan: Plan) -> [(subject: Subject, before: String?, after: String?)] {
        var order: [Subject] = []
        var changes: [Subject: (before: String?, after: String?)] = [:]
        for item in plan.items {
            guard let change = item.step.documentChange else { continue }
            let subject = item.step.subject
            if let known = changes[subject] {
                changes[subject] = (known.before, change.after)
            } else {
                order.append(subject)
                changes[subject] = (change.before, change.after)
            }
        }
        return order.compactMap { subject in changes[subject].map { (subject, $0.before, $0.after) } }
    }

    /// A document as diffs show it. - Throws: `invalid-document`.
    package static func view(_ text: String?, _ subject: Subject) throws(Failure) -> String {
        guard let text else { return "" }
        return try readable(subject.description) { () throws(XMLError) in
            guard Secrets.mayBe(in: text) else { return try Document.canonical(of: text) }
            let document = try Document(parsing: text)
            Secrets.hide(in: document.root)
            return document.canonical()
        }
    }
}
