import Model
import SRIOV
import Text
import XML

/// One guest's way off its pools while it is planned: its document, what moves now, and what to say of it.
struct GuestUnbinding {
    /// An interface that leaves its pool, before anything is edited.
    private struct Leaving {
        let interface: GuestInterface
        let element: Element
        let pair: PairUndoing?
        let subject: String
    }

    /// What becomes of an interface.
    private struct Result {
        let element: Element
        /// Whether it was half of a pair and is alone now.
        var endsPair = false
        let destination: String
        /// What becomes of its MAC, where that is not all that is to be said.
        var macWords: String?
    }

    private let state: State
    private let request: UnbindRequest
    private let history: History
    private let guest: Guest
    private var edit: GuestEdit
    private var moves: [LiveMove] = []
    private var notes: [Note] = []
    private var warnings: [Diagnostic] = []

    static func plan(_ state: State, _ request: UnbindRequest, _ history: History) throws(Failure) -> GuestPlan {
        var unbinding = try GuestUnbinding(state, request, history)
        return try unbinding.plan()
    }

    private init(_ state: State, _ request: UnbindRequest, _ history: History) throws(Failure) {
        guest = try state.guest(named: request.guest)
        try LiveMove.check(guest, state, live: request.live)
        edit = try GuestEdit(guest)
        self.state = state
        self.request = request
        self.history = history
    }

    private mutating func plan() throws(Failure) -> GuestPlan {
        let chosen = try Self.interfaces(guest, state, request)
        if case .function = request.target, chosen.count > 1 {
            throw Failure(
                .ambiguousInterface, "one VF can't hold \(chosen.count) interfaces of guest \(guest.name)",
                hints: InterfaceChoice.candidates(guest, chosen, "vfpool unbind \(shell: guest.word)"))
        }
        let all = try chosen.map { (interface) throws(Failure) in
            Leaving(
                interface: interface, element: try edit.element(interface), pair: try PairUndoing(interface, edit),
                subject: "interface \(interface.index) of guest \(guest.name)")
        }
        for leaving in all { try unbind(leaving) }
        // What it was may have been another pool's.
        let names = try state.devices(edit.document.serialized(), of: "guest \(guest.name)").interfaces
            .compactMap(\.attachment.networkName)
        let left = Set(chosen.compactMap(\.attachment.networkName))
        let pools = state.pools.filter { names.contains($0.name) && !left.contains($0.name) }
        return try GuestPlan(edit, moves, pools: pools, warnings: warnings, notes: notes, state)
    }

    /// The interfaces that leave their pools.
    private static func interfaces(
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

    // MARK: One interface

    private mutating func unbind(_ leaving: Leaving) throws(Failure) {
        let interface = leaving.interface
        let result =
            switch request.target {
            case .former: try former(leaving)
            case .network(let word): try network(word, leaving)
            case .bridge(let name): try bridge(name, leaving)
            case .function(let text): try function(text, leaving)
            }
        edit.changed(
            result.element,
            "interface \(interface.index): \(interface.attachment.summary) → \(result.destination); "
                + (result.macWords ?? "keeps MAC \(interface.mac?.description ?? "unknown")")
                + (result.endsPair ? ", without the other half of its pair" : ""))
        try edit.forgetSettings(of: interface)
        guard request.live else { return }
        let move = try LiveMove(
            interface, leavingTo: result.element, endsPair: result.endsPair, guest, state, request.patience)
        moves += [move].compactMap(\.self)
    }

    /// What it was before it was bound, by the journal.
    private mutating func former(_ leaving: Leaving) throws(Failure) -> Result {
        let interface = leaving.interface
        let (known, unread) = try history.former(interface, of: guest)
        guard let former = known else { throw unknown(interface, unread) }
        warnings += [History.doubt(unread, leaving.subject)].compactMap(\.self)
        var place = leaving.element
        var endsPair = false
        if let kind = former.pair, let pair = leaving.pair {
            place = pair.keep(kind, half: leaving.element)
            if let other = former.other { try pair.restore(other, of: guest) }
            endsPair = kind != .both
        }
        let element = try restored(place, former)
        edit.knows(
            try readable("guest \(guest.name)") { () throws(XMLError) in try Document(parsing: former.element) })
        let back = GuestReader.device(element, functions: state.functionAddresses)
        if let address = back?.attachment.pinnedAddress {
            try checkThere(address, interface)
            try FreeVF.check(address, guest, state, allowsPins: true, moving: interface)
            try checkOwn(address, interface)
            warnings += [SharedPin.warning(address, [guest], state.claims)].compactMap(\.self)
        }
        let passage = back.map { Passage(from: interface, to: $0, of: guest, state) }
        warnings += passage?.warnings ?? []
        notes += passage?.notes ?? []
        return Result(
            element: element, endsPair: endsPair,
            destination: (back?.attachment.summary ?? "what it was") + ", as before", macWords: passage?.macWords)
    }

    private mutating func network(_ word: Name, _ leaving: Leaving) throws(Failure) -> Result {
        guard let network = state.networkMeant(by: word) else {
            throw Failure(
                .noSuchNetwork, "there is no network \(word)",
                hints: ["networks here: \(text: FailoverPath.candidates(state))"])
        }
        guard !network.isPool else {
            throw Failure(
                .nameTaken, "network \(network.name) is a pool",
                hints: ["point the guest at it: `vfpool bind \(shell: guest.word) --pool \(shell: network.word)`"])
        }
        if !network.isActive { warnings.append(Passage.inactive(network, guest)) }
        let element = try emulated(leaving, on: ("network", network.name))
        return Result(
            element: element, endsPair: leaving.pair != nil,
            destination: "network \(network.name), model \(Self.model(element))")
    }

    private mutating func bridge(_ name: Name, _ leaving: Leaving) throws(Failure) -> Result {
        warnings += Passage.noBridge(name, guest, request.isBridge ?? state.bridges?.contains(name))
        let element = try emulated(leaving, on: ("bridge", name))
        return Result(
            element: element, endsPair: leaving.pair != nil,
            destination: "bridge \(name), model \(Self.model(element))")
    }

    private func function(_ text: String, _ leaving: Leaving) throws(Failure) -> Result {
        let (interface, element) = (leaving.interface, leaving.element)
        let address = try state.function(text).function.address
        try FreeVF.check(address, guest, state, moving: interface)
        try checkOwn(address, interface)
        // A virtualport is the pool's to give, as a VLAN is.
        _ = try Inheritance(interface.attachment, state).settle(
            in: element, leavesOut: Inheritance.emulatedOnly.union(["vlan"]))
        var rewrite = InterfaceRewrite(element)
        let pool = interface.attachment.networkName.flatMap(state.network)?.configuration
        rewrite.toFunction(
            address, isManaged: pool?.isManagedByLibvirt ?? true, driver: pool?.driver ?? FunctionDriver())
        // A pin has no pool to give it its VLAN.
        let vlan = state.effectiveVLAN(interface)
        if let vlan { PoolDocument.setVLAN(vlan, in: element, before: element.first("address")) }
        return Result(element: element, destination: "VF \(address)" + (vlan.map { ", VLAN \($0)" } ?? ""))
    }

    /// The interface as an emulated card; of a pair, its persistent half is what is left.
    ///
    /// - Throws: `cannot-carry` for a VLAN of its own, and for a virtualport, its own or the pool's.
    private mutating func emulated(
        _ leaving: Leaving, on place: (type: String, name: Name)
    ) throws(Failure) -> Element {
        let (interface, element, subject) = (leaving.interface, leaving.element, leaving.subject)
        let attachment: Attachment =
            place.type == "network" ? .network(name: place.name, portgroup: nil) : .bridge(place.name)
        let tagging = state.tagging(on: attachment)
        if let pair = leaving.pair {
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
    private func restored(_ element: Element, _ former: FormerInterface) throws(Failure) -> Element {
        try readable("guest \(guest.name)") { () throws(XMLError) in
            let placed = try Document(parsing: former.placed).root
            let original = try Document(parsing: former.element)
            let takesVLAN = takesVLAN(original.root)
            for name in ["vlan", "virtualport", "boot", "link", "rom", "acpi", "alias", "teaming", "address"]
            where (takesVLAN || name != "vlan")
                && !(element.first(name)?.canonical()).isSame(as: placed.first(name)?.canonical())
            {
                original.root.first(name)?.remove()
                if let changed = element.first(name) { _ = original.root.append(changed) }
            }
            return element.replace(with: original.root)
        }
    }

    /// Whether it can have there a VLAN that it got on the pool since: on most bridges a guest would not start with it.
    private func takesVLAN(_ original: Element) -> Bool {
        if original.first("vlan") != nil || original.first("virtualport") != nil { return true }
        let attachment = GuestReader.device(original, functions: [])?.attachment
        switch attachment {
        case .bridge(let name)?: return state.tagging(on: .bridge(name)).isPossible
        case .network(let name, let portgroup)? where state.network(name)?.isPool == false:
            return state.tagging(on: .network(name: name, portgroup: portgroup)).isPossible
        default: return true
        }
    }

    private static func model(_ element: Element) -> String {
        element.first("model")?[attribute: "type"] ?? "libvirt's own choice"
    }

    // MARK: Refusals

    private func checkThere(_ address: PCIAddress, _ interface: GuestInterface) throws(Failure) {
        guard !state.pfs.isEmpty, state.pf(of: address) == nil else { return }
        throw Failure(
            .noSuchVF, "VF \(address), which guest \(guest.name) had, is not there any more",
            hints: [
                "pin another: `vfpool unbind \(shell: guest.word) --interface \(shell: interface.selector(of: guest)) --to-vf ADDRESS`"
            ])
    }

    /// One function can't be two interfaces of one guest.
    private func checkOwn(_ address: PCIAddress, _ interface: GuestInterface) throws(Failure) {
        let others = guest.interfaces.filter { $0.index != interface.index && $0.attachment.pinnedAddress == address }
        guard let other = others.first else { return }
        throw Failure(.vfInUse, "VF \(address) is \(other.summary), of the same guest")
    }

    private func unknown(_ interface: GuestInterface, _ unread: [String]) -> Failure {
        let command: ShellCommand =
            "vfpool unbind \(shell: guest.word) --interface \(shell: interface.selector(of: guest))"
        return Failure(
            .nothingKnown, "the journal does not know what \(interface.summary), of guest \(guest.name) was before",
            cause: unread.isEmpty ? nil : "can't be read: change \(Words.list(unread))",
            hints: ["name a target: `\(shell: command) --to-network NAME`, `--to-bridge NAME` or `--to-vf ADDRESS`"]
        )
    }
}
