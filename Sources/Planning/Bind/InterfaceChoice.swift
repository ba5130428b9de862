import Model
import SRIOV
import Text

/// Which interfaces of a guest a command means, and for `bind` which pool each goes to.
enum InterfaceChoice {
    /// The interfaces that the selectors name, in the guest's order.
    ///
    /// The MAC of a teaming pair means its VF. A VF's address or netdev, too, means the interface that has it.
    ///
    /// - Throws: `no-such-interface`, `ambiguous-interface`, with the candidates.
    static func named(
        _ selectors: [String], of guest: Guest, in state: State, command: ShellCommand
    ) throws(Failure) -> [GuestInterface] {
        var chosen: [GuestInterface] = []
        for selector in selectors {
            let mac = MACAddress(word: selector)
            let alias = Name(selector)
            var matches = guest.interfaces.filter { interface in
                (mac != nil && interface.mac == mac) || interface.alias == alias
                    || (mac == nil && Int(digits: selector) == interface.index)
                    || guest.live(for: interface)?.alias == alias
            }
            if matches.isEmpty { matches = holding(selector, guest, state) }
            if matches.count == 2, let persistent = matches.first(where: \.isPersistentHalf),
                let half = guest.transientHalf(of: persistent), matches.contains(half)
            {
                matches = [half]
            }
            guard let match = matches.first else {
                throw Failure(
                    .noSuchInterface, "guest \(guest.name) has no interface \(selector)",
                    hints: candidates(guest, guest.interfaces, command))
            }
            guard matches.count == 1 else {
                throw Failure(
                    .ambiguousInterface, "guest \(guest.name) has \(matches.count) interfaces \(selector)",
                    hints: matches.map { match in
                        ("name it by index: `\(shell: command) --interface \(shell: match.index)` (\(text: match.summary))"
                            as Hint)
                            .inSpec("give each a MAC of its own: `virsh edit \(shell: guest.word)`")
                            .inRewrite("name it by index: `--interface \(shell: match.index)` (\(text: match.summary))")
                    })
            }
            if !chosen.contains(match) { chosen.append(match) }
        }
        return chosen.sorted { $0.index < $1.index }
    }

    /// The interfaces that have a VF, fixed or while they run.
    private static func holding(_ word: String, _ guest: Guest, _ state: State) -> [GuestInterface] {
        let name = Name(word)
        let known = state.deviceNames.functions(name)
        guard let address = DeviceWord(word).address ?? known.first, known.count < 2 else { return [] }
        let function = state.function(at: address)
        // A plain hostdev of what is not there any more: only its address says which one is meant.
        let lost = state.missingDevices(of: guest).filter { $0.address == address }.compactMap(\.interface)
        if !lost.isEmpty { return lost }
        return guest.interfaces.filter { interface in
            if case .direct(let device, _) = interface.attachment { return function?.hasNetdev(device) ?? false }
            return interface.attachment.pinnedAddress == address
                || guest.live(for: interface)?.attachment.pinnedAddress == address
        }
    }

    /// What `bind` means without `--interface`: every pinned interface whose function belongs to a pool's PF, else
    /// the only interface there is.
    ///
    /// - Parameter command: so far, for hints.
    static func bindable(
        _ guest: Guest, _ state: State, pool: NetworkState?, command: ShellCommand
    ) throws(Failure) -> [GuestInterface] {
        let pinned = guest.interfaces.filter { interface in
            guard let address = interface.attachment.pinnedAddress else { return false }
            let covering = state.poolCovering(address)
            return pool.map { pool in covering.contains { $0.name == pool.name } } ?? !covering.isEmpty
        }
        if !pinned.isEmpty { return pinned }
        let poolNames = Set(state.pools.map(\.name))
        let bound = guest.interfaces.filter { interface in
            guard let name = interface.attachment.networkName else { return false }
            return pool.map { $0.name == name } ?? poolNames.contains(name)
        }
        if !bound.isEmpty { return bound }
        let command: ShellCommand = if let pool { "\(shell: command) --pool \(shell: pool.word)" } else { command }
        guard let only = guest.interfaces.first else {
            throw Failure(
                .noSuchInterface,
                guest.liveInterfaces.isEmpty
                    ? "guest \(guest.name) has no interface"
                    : "guest \(guest.name) has no interface in its document, only for this run",
                hints: state.missingDevices(of: guest).map { (device) -> Hint in
                    "its hostdev \(device.address) is not on this host; put that on the pool: `\(shell: command) --interface \(shell: device.address.description) --mac MAC`"
                } + added(guest, command))
        }
        guard guest.interfaces.count == 1 else {
            throw Failure(
                .ambiguousInterface,
                "guest \(guest.name) has \(guest.interfaces.count) interfaces, none with a pool's VF",
                hints: candidates(guest, guest.interfaces, command))
        }
        return [only]
    }

    /// How to add an interface to a guest that has none: with the MAC that it has in this run, where it has one.
    private static func added(_ guest: Guest, _ command: ShellCommand) -> [Hint] {
        let macs = guest.liveInterfaces.compactMap(\.mac)
        return macs.isEmpty
            ? ["add one: `\(shell: command) --add --new-mac`"]
            : macs.map { "to have it at the next start, too: `\(shell: command) --add --mac \(shell: $0)`" }
    }

    /// The pool an interface goes to when none is named.
    static func pool(for interface: GuestInterface, _ guest: Guest, _ state: State) throws(Failure) -> NetworkState {
        if let name = interface.attachment.networkName, let pool = state.network(name), pool.isPool { return pool }
        let candidates =
            interface.attachment.pinnedAddress.map { state.poolCovering($0) }
            ?? state.pools
        if let pool = candidates.first, candidates.count == 1 { return pool }
        if let missing = state.missingDevices(of: guest).first(where: { $0.interface == interface }) {
            throw Failure(
                .noSuchVF, "guest \(guest.name) is pinned to VF \(missing.address), which is not on this host",
                hints: missing.hints(guest, state))
        }
        if let address = interface.attachment.pinnedAddress, candidates.isEmpty {
            try CardLimits.checkEthernet(state.pf(of: address))
        }
        guard !state.pools.isEmpty else {
            throw Failure(.noSuchPool, "there is no pool on this host", hints: ["make one: `vfpool create PF`"])
        }
        if let address = interface.attachment.pinnedAddress, candidates.isEmpty {
            let pf = state.pf(of: address)?.title ?? "its PF"
            throw Failure(
                .noSuchPool, "no pool has VF \(address) of guest \(guest.name)",
                hints: ["make one: `vfpool create \(shell: pf)`, or name another with --pool"])
        }
        throw Failure(
            .ambiguousPool, "guest \(guest.name) could go to \(Words.list(state.pools.map(\.name)))",
            hints: state.pools.prefix(8).map {
                "choose one: `vfpool bind \(shell: guest.word) --pool \(shell: $0.name) --interface \(shell: interface.selector(of: guest))`"
            })
    }

    static func candidates(_ guest: Guest, _ interfaces: [GuestInterface], _ command: ShellCommand) -> [Hint] {
        interfaces.prefix(16).map { interface in
            let selector = interface.selector(of: guest)
            return ("`\(shell: command) --interface \(shell: selector)`: \(text: interface.summary)" as Hint)
                .inRewrite("`--interface \(shell: selector)`: \(text: interface.summary)")
        }
    }
}
