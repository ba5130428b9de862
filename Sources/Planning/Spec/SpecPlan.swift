package import Model
import SRIOV
package import Spec
import Text

/// What a host lacks to be as a spec says, and the one plan that makes it so.
///
/// Each thing is planned by the planner of the command for it, from the picture that the things before leave: a pool that is not
/// there yet has its guests in the same plan.
package struct SpecPlan {
    package private(set) var differences: [Difference] = []
    /// How many things are as the spec says.
    package private(set) var same = 0
    private let state: State
    private let spec: HostSpec
    private var chain: PlanChain

    package var plan: Plan {
        var plan = chain.folded.tryingOnly(in: state)
        plan.warnings = plan.warnings.map { $0.told(.spec) }
        return plan
    }

    package init(_ state: State, _ spec: HostSpec, _ options: SpecOptions) throws(Failure) {
        self.state = state
        self.spec = spec
        chain = PlanChain(state)
        let observed = Observation(state, boot: options.boot)
        try Self.checkWords(spec, observed)
        plan(PFComparison(observed, options).differences(spec.pfs))
        // What nobody uses makes room first, and what others are moved away from goes last.
        let unwanted = options.prunes ? SpecPruning(spec, state).pools : []
        var later: [Name] = []
        for name in unwanted where !prune(name, isLast: false) { later.append(name) }
        plan(PoolComparison(observed, options).differences(spec.pools))
        plan(guests: GuestComparison(observed, options).differences(spec.guests), options)
        for name in later { _ = prune(name, isLast: true) }
    }

    /// One thing is changed once, so that it can be taken back.
    ///
    /// - Throws: `bad-spec` where two words mean one PF, pool or guest.
    private static func checkWords(_ spec: HostSpec, _ observed: Observation) throws(Failure) {
        let state = observed.state
        try check("PF", spec.pfs.map { ($0.word, $0.origin, observed.pfs($0.word).first?.address.description) })
        try check("pool", spec.pools.map { ($0.name, $0.origin, state.networkMeant(by: $0.name)?.uuid) })
        // Two names are two guests.
        guard spec.guests.contains(where: { UUIDText.normal($0.name.string) != nil }) else { return }
        try check("guest", spec.guests.map { ($0.name, $0.origin, state.guestMeant(by: $0.name)?.uuid) })
    }

    private static func check(
        _ noun: String, _ words: [(word: Name, origin: Origin?, found: String?)]
    ) throws(Failure) {
        var known: [Name: Name] = [:]
        for said in words {
            guard let found = said.found, let other = known.updateValue(said.word, forKey: Name(found)) else {
                continue
            }
            let message = "\(noun) \(said.word.shown) is \(other.shown), which is there, too"
            throw said.origin?.failure(message) ?? Failure(.badSpec, message)
        }
    }

    /// Running guests of the spec with a fixed VF whose MAC nobody but their agent can tell, by UUID.
    package static func guestsToAsk(_ state: State, _ spec: HostSpec) -> [String] {
        spec.guests.flatMap { BindPlanner.guestsToAsk(state, BindRequest(guest: $0.name)) }
    }

    /// What stands in the way.
    package var blocked: [Difference] { differences.filter { $0.verdict == .blocked } }

    // MARK: One by one

    private mutating func plan(_ found: [Comparison]) {
        for comparison in found {
            guard let difference = comparison.difference else {
                same += 1
                continue
            }
            guard let make = comparison.make else {
                differences.append(difference)
                continue
            }
            do throws(Failure) {
                var attempt = chain
                try make(&attempt)
                chain = attempt
                differences.append(difference)
            } catch {
                differences.append(difference.blocked(following(difference, error)))
            }
        }
    }

    /// Why something can't be made, where that follows from another thing of the spec that can't.
    private func following(_ difference: Difference, _ failure: Failure) -> Failure {
        guard case .pool(let name) = difference.subject,
            [.noVFsEnabled, .noSuchVF, .badSelection].contains(failure.code),
            let pf = blockedPFs.first(where: { pf in uses(name, pf) })
        else { return failure }
        return Failure(
            failure.code, "PF \(pf.shown) can't be as the spec says, and without that \(failure.message)",
            cause: failure.cause)
    }

    private var blockedPFs: [Name] {
        blocked.compactMap { if case .pf(let word) = $0.subject { word } else { nil } }
    }

    /// Whether a pool of the spec is of a PF.
    private func uses(_ pool: Name, _ pf: Name) -> Bool {
        let found = state.deviceNames.pfs(pf)
        return spec.pools.first { $0.name == pool }?.pfs.contains { said in
            said.word == pf || !Set(found).isDisjoint(with: state.deviceNames.pfs(said.word))
        } ?? false
    }

    /// - Returns: whether it is planned, or can't be.
    private mutating func prune(_ name: Name, isLast: Bool) -> Bool {
        let difference = Difference(.pool(name), .unwanted, remark: "not in the spec")
        do throws(Failure) {
            var attempt = chain
            try attempt.add(try DeletePlanner.plan(chain.picture, pool: name))
            chain = attempt
            differences.append(difference)
            return true
        } catch {
            guard isLast || error.code != .poolInUse else { return false }
            differences.append(difference.blocked(error))
            return true
        }
    }

    // MARK: Guests

    /// All in one, for what follows of them is then said and done once; those that can't be are found by halves.
    private mutating func plan(guests found: [GuestComparison.Found], _ options: SpecOptions) {
        same += found.count { $0.difference == nil }
        let changed = found.filter { $0.difference != nil }
        var results: [Int: Failure] = [:]
        bind(Array(changed.enumerated().filter { !$0.element.edits.isEmpty }), &results)
        for (index, item) in changed.enumerated() {
            guard let difference = item.difference else { continue }
            differences.append(
                results[index].map { difference.blocked(following(item.edits.first?.pool, $0)) } ?? difference)
        }
    }

    private func following(_ pool: Name?, _ failure: Failure) -> Failure {
        let isBlocked = blocked.contains { if case .pool(pool) = $0.subject { true } else { false } }
        guard failure.code == .noSuchPool, let pool, isBlocked else { return failure }
        return Failure(.noSuchPool, "pool \(pool) is not there and can't be made")
    }

    private mutating func bind(
        _ items: [(offset: Int, element: GuestComparison.Found)], _ results: inout [Int: Failure]
    ) {
        guard let first = items.first else { return }
        do throws(Failure) {
            var attempt = chain
            try GuestEdits(items.flatMap(\.element.edits)).plan(&attempt)
            chain = attempt
        } catch {
            guard items.count > 1 else {
                results[first.offset] = error
                return
            }
            bind(Array(items.prefix(items.count / 2)), &results)
            bind(Array(items.dropFirst(items.count / 2)), &results)
        }
    }
}

/// A thing that was compared: how it differs, if it does, and what makes it as it should be, if that can be planned.
struct Comparison {
    var difference: Difference?
    var make: ((inout PlanChain) throws(Failure) -> Void)?

    static var same: Comparison { Comparison(difference: nil, make: nil) }
}
