package import Model
import SRIOV
package import Text

/// What was done, in a sentence, once a plan has been applied.
package enum Summary {
    package static func create(_ plan: Plan, _ request: CreateRequest, _ state: State) -> String {
        let request = request.afterResize
        let name: Name =
            plan.steps.lazy.compactMap(\.network).first ?? request.name ?? CreatePlanner.defaultName(request.pfs)
        let before = state.network(name)
        var parts = [functions(of: before, request, state)]
        let starts = plan.steps.contains(.startNetwork(name))
        parts.append(starts ? "started" : before?.isActive ?? false ? "active" : "not started")
        let reserved = plan.steps.count { if case .reserve = $0 { true } else { false } }
        if reserved > 0 { parts.append("\(Words.count(reserved, "VF")) reserved for their holders") }
        let boots = plan.steps.contains(.setAutostart(network: name, true)) || before?.autostart ?? false
        parts.append(boots ? "starts at boot" : "does not start at boot")
        let verb =
            before == nil
            ? "Created" : before?.isManaged == false ? "Adopted" : starts ? "Started" : "Updated"
        return "\(verb) pool \(name): \(parts.joined(separator: ", "))"
    }

    /// `8 VFs of eth3`; an adopted network keeps those that it has: `1 VF of eth3, which has 4`.
    private static func functions(of before: NetworkState?, _ request: CreateRequest, _ state: State) -> String {
        guard let before, !before.isManaged else {
            return CreateChecks.count(request)
        }
        let covered = Set(state.coverage(of: before).map(\.address))
        return Words.list(
            state.pfs(of: before).map { pf in
                let count = pf.functions.count { covered.contains($0.address) }
                let all = pf.functions.count
                return "\(Words.count(count, "VF")) of \(pf.title)" + (count == all ? "" : ", which has \(all)")
            })
    }

    package static func resize(_ plan: Plan, _ request: ResizeRequest) -> String {
        var parts: [String] = []
        for step in plan.steps {
            guard case .setPF(let change) = step else { continue }
            switch change.attribute {
            case .count: parts.append("\(Words.count(change.after, "VF")) (\(change.before) before)")
            case .hostDrivers:
                parts.append(
                    change.after == 1 ? "new ones get the host's driver" : "new ones get no driver of the host's")
            }
        }
        let pools = plan.steps.compactMap { if case .startNetwork(let name) = $0 { name } else { nil } }
        if !pools.isEmpty { parts.append("\(Words.list(pools.map { "pool \($0)" })) restarted") }
        return "PF \(request.pf.title) has \(parts.joined(separator: "; "))"
    }

    package static func boot(_ request: BootRequest) -> String {
        let title = request.pf.title
        if request.removes { return "vfpool no longer sets the VF count of \(title) at boot" }
        let count = request.count ?? request.pf.enabledVFs
        return
            "PF \(title) gets \(Words.count(count, "VF")) at boot, before libvirt starts; then pools are reconciled"
    }

    /// One line a guest: `Bound guest vm1: interface 0: …`.
    package static func guests(_ plan: Plan, verb: String) -> [String] {
        var lines: [String] = []
        var bound: Set<Name> = []
        for item in plan.items where !item.isUpkeep {
            guard case .defineGuest(let change) = item.step else { continue }
            bound.insert(change.name)
            lines.append("\(verb) guest \(change.name)" + (item.detail.map { ": \($0)" } ?? ""))
        }
        let moved = plan.steps.compactMap { if case .plug(let device) = $0 { device.guestName } else { nil } }
        for name in moved where !bound.contains(name) {
            lines.append("\(verb) guest \(name): its running interface was moved")
        }
        return lines.isEmpty ? [reconcile(plan)] : lines
    }

    package static func reconcile(_ plan: Plan) -> String {
        var reserved = 0
        var released = 0
        var documents = 0
        var started = 0
        var stopped = 0
        for step in plan.steps {
            switch step {
            case .stopNetwork: stopped += 1
            case .reserve: reserved += 1
            case .release: released += 1
            case .startNetwork: started += 1
            default: documents += step.documentChange == nil ? 0 : 1
            }
        }
        let parts = [
            reserved > 0 ? "\(Words.count(reserved, "VF")) reserved" : nil,
            released > 0 ? "\(Words.count(released, "VF")) released" : nil,
            documents > 0 ? "\(Words.count(documents, "document")) updated" : nil,
            started > 0 ? "\(Words.count(started, "pool")) started" : nil,
            stopped > started ? "\(Words.count(stopped - started, "pool")) stopped" : nil,
        ].compactMap(\.self)
        let pools = Set(plan.steps.compactMap(\.network)).sorted()
        guard !pools.isEmpty, !parts.isEmpty else {
            return "Changed \(Words.list(plan.steps.map(\.subject).deduplicated.map(\.description)))"
        }
        return
            "Reconciled \(pools.count == 1 ? "pool" : "pools") \(Words.list(pools)): \(parts.joined(separator: ", "))"
    }

    /// Names of what a plan touches, in its order.
    package static func names(_ plan: Plan) -> [Name] {
        plan.steps.map(\.subject).deduplicated.map(\.name)
    }
}
