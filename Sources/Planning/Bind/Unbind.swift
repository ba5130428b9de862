package import Model
import SRIOV
import Text
import XML

/// Plans to take a guest's interfaces off their pool, each keeping its MAC.
package enum Unbind {
    /// - Throws: `not-bound`, `no-former-interface`, `vf-in-use`, `no-such-network`, `no-such-vf`.
    package static func plan(
        _ state: State, _ requests: [UnbindRequest], _ history: History
    ) throws(Failure) -> Plan {
        try GuestPlan.combined(state, requests.map(\.guest)) { (index, picture) throws(Failure) in
            try one(picture, requests[index], history)
        }
    }

    private static func one(
        _ state: State, _ request: UnbindRequest, _ history: History
    ) throws(Failure) -> GuestPlan {
        let guest = try state.guest(named: request.guest)
        try LiveMove.check(guest, state, live: request.live)
        var edit = try GuestEdit(guest)
        let chosen = try chosen(guest, state, request)
        if case .function = request.target, chosen.count > 1 {
            throw Failure(
                .ambiguousInterface, "one VF can't hold \(chosen.count) interfaces of guest \(guest.name)",
                hints: InterfaceChoice.candidates(guest, chosen, "vfpool unbind \(shell: guest.word)"))
        }
        var moves: [LiveMove] = []
        var warnings: [Warning] = []
        var notes: [Note] = []
        let elements = try chosen.map { (interface) throws(Failure) in
            (interface, try edit.element(interface), try PairUndoing(interface, edit))
        }
        for (interface, element, pair) in elements {
            let (new, endsPair) = try replaced(
                interface, element, pair, &edit, state, request, history, &warnings, &notes)
            try edit.forgetSettings(of: interface)
            if request.live,
                let move = try LiveMove(
                    interface, leavingTo: new, endsPair: endsPair, guest, state, request.patience)
            {
                moves.append(move)
            }
        }
        // What it was may have been another pool's.
        let names = try state.devices(edit.document.serialized(), of: "guest \(guest.name)").interfaces
            .compactMap(\.attachment.networkName)
        let pools = elements.isEmpty ? [] : state.pools.filter { names.contains($0.name) && wasElsewhere($0, chosen) }
        return try GuestPlan(edit, moves, pools: pools, warnings: warnings, notes: notes, state)
    }

    private static func chosen(
        _ guest: Guest, _ state: State, _ request: UnbindRequest
    ) throws(Failure) -> [GuestInterface] {
        let pools = Set(state.pools.map(\.name))
        let isBound = { (interface: GuestInterface) in interface.attachment.networkName.map(pools.contains) ?? false }
        let bound = guest.interfaces.filter(isBound)
        guard !request.interfaces.isEmpty else {
            guard !bound.isEmpty else {
                throw Failure(
                    .notBound, "guest \(guest.name) has no interface on a pool", hints: ["see `vfpool status`"])
            }
            return bound
        }
        let command: ShellCommand = "vfpool unbind \(shell: guest.word)"
        let named = try InterfaceChoice.named(request.interfaces, of: guest, in: state, command: command)
        if let other = named.first(where: { !isBound($0) }) {
            throw Failure(
                .notBound, "guest \(guest.name)'s \(other.summary), is not on a pool",
                hints: InterfaceChoice.candidates(guest, bound, command))
        }
        return named
    }

    /// Whether a pool is not the one that the interfaces leave.
    private static func wasElsewhere(_ pool: NetworkState, _ chosen: [GuestInterface]) -> Bool {
        !chosen.contains { $0.attachment.networkName == pool.name }
    }

    // MARK: One interface

    /// - Returns: what the interface is now, and whether it was half of a pair and is alone now.
    private static func replaced(
        _ interface: GuestInterface, _ element: Element, _ pair: PairUndoing?, _ edit: inout GuestEdit, _ state: State,
        _ request: UnbindRequest, _ history: History, _ warnings: inout [Warning], _ notes: inout [Note]
    ) throws(Failure) -> (element: Element, endsPair: Bool) {
        let guest = edit.guest
        let subject = "interface \(interface.index) of guest \(guest.name)"
        var result = element
        var endsPair = false
        let destination: String
        switch request.target {
        case .former:
            let (known, unread) = try history.former(interface, of: guest)
            guard let former = known else { throw unknown(interface, guest, unread) }
            warnings += [History.doubt(unread, subject)].compactMap(\.self)
            var place = element
            if let kind = former.pair, let pair {
                place = pair.keep(kind, half: element)
                if let other = former.other { try pair.restore(other, of: guest) }
                endsPair = kind != .both
            }
            result = try restored(place, former, guest)
            edit.knows(
                try readable("guest \(guest.name)") { () throws(XMLError) in try Document(parsing: former.element) })
            let back = GuestReader.device(result, functions: Set(state.functions.map(\.address)))
            if let address = back?.attachment.pinnedAddress {
                try checkThere(address, interface, guest, state)
                try checkFree(address, guest, state, allowsPins: true, moving: interface)
                try checkOwn(address, interface, guest)
                warnings += [SharedPin.warning(address, [guest], state.claims)].compactMap(\.self)
            }
            if let back {
                let passage = Passage(from: interface, to: back, of: guest, state)
                warnings += passage.warnings
                notes += passage.notes
            }
            destination = (back?.attachment.summary ?? "what it was") + ", as before"
        case .network(let word):
            let name = state.networkMeant(by: word)?.name ?? word
            guard let network = state.network(name) else {
                throw Failure(
                    .noSuchNetwork, "there is no network \(name)",
                    hints: ["networks here: \(text: Words.list(state.networks.filter { !$0.isPool }.map(\.name)))"])
            }
            guard !network.isPool else {
                throw Failure(
                    .nameTaken, "network \(name) is a pool",
                    hints: [
                        "point the guest at it: `vfpool bind \(shell: guest.word) --pool \(shell: network.word)`"
                    ])
            }
            if !network.isActive { warnings.append(Passage.inactive(network, guest)) }
            (result, endsPair) = (
                try emulated(element, pair, ("network", name), interface, state, request, &warnings, &notes),
                pair != nil
            )
            destination = "network \(name), model \(model(result))"
        case .bridge(let name):
            warnings += Passage.noBridge(name, guest, request.isBridge ?? state.bridges?.contains(name))
            (result, endsPair) = (
                try emulated(element, pair, ("bridge", name), interface, state, request, &warnings, &notes), pair != nil
            )
            destination = "bridge \(name), model \(model(result))"
        case .function(let text):
            let found = try state.function(text)
            try checkFree(found.function.address, guest, state, moving: interface)
            try checkOwn(found.function.address, interface, guest)
            // A virtualport is the pool's to give, as a VLAN is.
            _ = try Inheritance(interface.attachment, state).settle(
                in: element, leavesOut: Inheritance.emulatedOnly.union(["vlan"]))
            var rewrite = InterfaceRewrite(element)
            let pool = interface.attachment.networkName.flatMap(state.network)?.configuration
            rewrite.toFunction(
                found.function.address, isManaged: pool?.isManagedByLibvirt ?? true,
                driver: pool?.driver ?? FunctionDriver())
            // A pin has no pool to give it its VLAN.
            let vlan = state.effectiveVLAN(interface)
            if let vlan { PoolDocument.setVLAN(vlan, in: element, before: element.first("address")) }
            destination = "VF \(found.function.address)" + (vlan.map { ", VLAN \($0)" } ?? "")
        }
        edit.changed(
            result,
            "interface \(interface.index): \(interface.attachment.summary) → \(destination); "
                + "keeps MAC \(interface.mac?.description ?? "unknown")"
                + (endsPair ? ", without the other half of its pair" : ""))
        return (result, endsPair)
    }

    /// The interface as an emulated card; of a pair, its persistent half is what is left.
    ///
    /// - Throws: `cannot-carry` for a VLAN of its own, and for a virtualport, its own or the pool's.
    private static func emulated(
        _ element: Element, _ pair: PairUndoing?, _ place: (type: String, name: Name), _ interface: GuestInterface,
        _ state: State, _ request: UnbindRequest, _ warnings: inout [Warning], _ notes: inout [Note]
    ) throws(Failure) -> Element {
        let subject = "interface \(interface.index) of guest \(request.guest)"
        let attachment: Attachment =
            place.type == "network" ? .network(name: place.name, portgroup: nil) : .bridge(place.name)
        let tagging = state.tagging(on: attachment)
        if let pair {
            return try pair.keepPersistent(
                instead: element, to: place, model: request.model, agreed: request.drop, tagging: tagging,
                subject: subject)
        }
        let target = try Inheritance(attachment, state)
        let origins = try Inheritance(interface.attachment, state).settle(
            in: element, leavesOut: Inheritance.emulatedOnly.union(["vlan"]))
        let vlan = state.effectiveVLAN(interface)
        if let vlan, target.vlan == vlan || tagging.isPossible { element.first("vlan")?.remove() }
        var rewrite = InterfaceRewrite(element, origins: origins)
        try rewrite.toEmulated(
            type: place.type, sourceAttribute: place.type, name: place.name, model: request.model ?? "virtio",
            agreed: request.drop, tagging: tagging, subject: subject)
        rewrite.dropNodes()
        let lost = rewrite.dropped.filter { $0.hasPrefix(bytes: "acpi ") }
        if !lost.isEmpty {
            notes.append("\(subject): loses \(lost.joined(separator: ", ")), which only a device of the host can have")
        }
        if let vlan, target.vlan != vlan {
            if tagging.isPossible {
                PoolDocument.setVLAN(vlan, in: element, before: element.first("address"))
            } else {
                let there = target.vlan.map { "VLAN \($0)" } ?? "what \(attachment.summary) gives it"
                var warning = VLANChange.warning(subject, from: vlan, to: there)
                if let reason = tagging.reason { warning.hints.append(Hint(prose: reason)) }
                warnings.append(warning)
            }
        }
        return element
    }

    /// The former element in the place of the present one, with what was changed since it was bound.
    private static func restored(
        _ element: Element, _ former: FormerInterface, _ guest: Guest
    ) throws(Failure) -> Element {
        try readable("guest \(guest.name)") { () throws(XMLError) in
            let placed = try Document(parsing: former.placed).root
            let original = try Document(parsing: former.element)
            for name in ["vlan", "virtualport", "boot", "link", "rom", "acpi", "alias", "teaming", "address"]
            where !(element.first(name)?.canonical()).isSame(as: placed.first(name)?.canonical()) {
                original.root.first(name)?.remove()
                if let changed = element.first(name) { _ = original.root.append(changed) }
            }
            return element.replace(with: original.root)
        }
    }

    private static func checkThere(
        _ address: PCIAddress, _ interface: GuestInterface, _ guest: Guest, _ state: State
    ) throws(Failure) {
        guard !state.pfs.isEmpty, state.pf(of: address) == nil else { return }
        throw Failure(
            .noSuchVF, "VF \(address), which guest \(guest.name) had, is not there any more",
            hints: [
                "pin another: `vfpool unbind \(shell: guest.word) --interface \(shell: interface.selector(of: guest)) --to-vf ADDRESS`"
            ])
    }

    private static func model(_ element: Element) -> String {
        element.first("model")?[attribute: "type"] ?? "libvirt's own choice"
    }

    private static func unknown(
        _ interface: GuestInterface, _ guest: Guest, _ unread: [String]
    ) -> Failure {
        let command: ShellCommand =
            "vfpool unbind \(shell: guest.word) --interface \(shell: interface.selector(of: guest))"
        return Failure(
            .nothingKnown, "the journal does not know what \(interface.summary), of guest \(guest.name) was before",
            cause: unread.isEmpty ? nil : "can't be read: change \(Words.list(unread))",
            hints: ["say where it goes: `\(shell: command) --to-network NAME`, `--to-bridge NAME` or `--to-vf ADDRESS`"]
        )
    }

    /// One function can't be two interfaces of one guest.
    private static func checkOwn(
        _ address: PCIAddress, _ interface: GuestInterface, _ guest: Guest
    ) throws(Failure) {
        let others = guest.interfaces.filter { $0.index != interface.index && $0.attachment.pinnedAddress == address }
        guard let other = others.first else { return }
        throw Failure(.vfInUse, "VF \(address) is \(other.summary), of the same guest")
    }

    /// A pin is a claim for good: nobody else may hold the function, running or shut off.
    ///
    /// - Parameter allowsPins: guests that are shut off may have it pinned too, as when a pin that others share is put
    ///   back.
    static func checkFree(
        _ address: PCIAddress, _ guest: Guest, _ state: State, _ claims: ClaimIndex? = nil, allowsPins: Bool = false,
        moving interface: GuestInterface? = nil
    ) throws(Failure) {
        let claims = claims ?? state.claims
        let others = claims[address].filter { claim in
            if claim.guestUUID == guest.uuid {
                // What the guest has there with another interface is in the way as well.
                return claim.kind != .config && claim.mac != nil && interface?.mac != nil && claim.mac != interface?.mac
            }
            return !(allowsPins && claim.kind == .config)
        }
        guard let claim = others.first else { return }
        let pf = state.pf(of: address)
        let free = (pf?.functions ?? []).filter { claims[$0.address].isEmpty }.map(\.address.description)
        throw Failure(
            .vfInUse, "VF \(address) is held by \(claim.holder)",
            hints: free.isEmpty
                ? ["no VF of \(text: pf?.title ?? "its PF") is free"]
                : ["free ones: \(text: Words.list(free)): `--to-vf ADDRESS`"])
    }
}
