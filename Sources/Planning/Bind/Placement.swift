import Model
import SRIOV
import Text
import XML

/// One interface of a guest, to be put on a pool: what it effectively has, what of that it keeps, and what it gets.
///
/// What it has is its own elements, what its network and portgroup give it, and what was set on its VF through the PF.
struct Placement {
    let interface: GuestInterface
    let pool: NetworkState
    let mac: MACSource
    /// What the user agreed to drop.
    let drop: Set<String>
    var portgroup: Name?
    /// A VLAN that the interface is given; nil leaves it the one that it is on.
    var vlan: Int?
    /// Whether it is to have none of its own.
    var leavesVLAN = false
    /// Whether the interface stays as it is, and a copy of it is what goes on the pool.
    var isJoined = false
    private let outside: OutOfBand
    /// What comes from where it was; nothing where that is a pool of vfpool's, which was chosen for what it gives.
    private let inherited: Inheritance?

    /// - Throws: `invalid-document` for the network that it is on.
    init(
        _ interface: GuestInterface, of guest: Guest, to pool: NetworkState, _ mac: MACSource, drop: Set<String>,
        _ state: State
    ) throws(Failure) {
        self.interface = interface
        self.pool = pool
        self.mac = mac
        self.drop = drop
        outside = OutOfBand(interface, of: guest, state)
        let source = interface.attachment.networkName.flatMap(state.network)
        let isChosen = source.map { $0.isManaged || $0.name == pool.name } ?? true
        inherited = isChosen ? nil : try Inheritance(interface.attachment, state)
    }

    func subject(_ guest: Guest) -> String { "interface \(interface.index) of guest \(guest.name)" }

    /// The VLAN that is written into the interface, where that is not the one it has: given, set on its VF through the
    /// PF, or what its former network or portgroup gave it.
    func ownVLAN(_ state: State) -> Int? {
        if leavesVLAN { return nil }
        if let given = vlan ?? outside.vlan { return given }
        guard interface.vlan == nil, !interface.hasTrunk, let vlan = inherited?.vlan else { return nil }
        // From one pool to another it is written only where the other does not say the same.
        let isPool = interface.attachment.networkName.flatMap(state.network)?.isPool ?? false
        return isPool && pool.vlan(portgroup: portgroup) == vlan ? nil : vlan
    }

    /// The VLAN that it will be on.
    func vlan(_ state: State) -> Int? {
        ownVLAN(state) ?? (leavesVLAN ? nil : interface.vlan) ?? pool.vlan(portgroup: portgroup)
    }

    /// The VLAN that it is on now, as far as that can be known.
    func presentVLAN(_ state: State) -> Int? { outside.vlan ?? state.effectiveVLAN(interface) }

    /// Whether it gets its VLAN from a function or a network now, so that another one means another network.
    func decidesVLAN(_ state: State) -> Bool { outside.decidesVLAN || state.decidesVLAN(interface) }

    /// - Throws: `cannot-carry` for what can't be an interface on a pool, whatever its MAC.
    static func check(_ element: Element, _ interface: GuestInterface, of guest: Guest) throws(Failure) {
        let subject = "interface \(interface.index) of guest \(guest.name)"
        if element.first("teaming")?[attribute: "type"] == "persistent" {
            throw Failure(
                .cannotCarry,
                "\(subject) is the persistent half of a failover pair, which stays when the VF is unplugged",
                hints: ["bind the other half, which has the same MAC"])
        }
        if element.first("address")?[attribute: "type"] == "unassigned" {
            throw Failure(
                .cannotCarry, "\(subject) is hidden from its guest, as an interface can't be",
                hints: ["give it a place first: `virsh edit \(shell: guest.word)`"])
        }
    }

    /// Edits the guest's document.
    ///
    /// - Returns: the element on the pool.
    /// - Throws: `cannot-carry`, `vlan-trunk`.
    func put(
        _ element: Element, in edit: inout GuestEdit, _ state: State, _ notes: inout [Note],
        _ warnings: inout [Diagnostic]
    ) throws(Failure) -> Element {
        let subject = subject(edit.guest)
        let lost = element.name == "hostdev" ? Self.lost(element) : []
        if !lost.isEmpty {
            notes.append(
                Note(
                    "\(subject): loses \(lost.joined(separator: ", ")), which only a plain hostdev can have",
                    Fold("guest", edit.guest.name, "lose what only a plain hostdev can have: \(Self.kinds(lost))")))
        }
        let target = element.name == "hostdev" ? try converted(element, subject) : element
        if interface.mac == nil, element.name != "hostdev" {
            let child = target.first("mac") ?? target.addChild("mac", before: target.children.first)
            child[attribute: "address"] = mac.mac.description
        }
        if interface.attachment.pinnedAddress != nil, let configuration = pool.configuration {
            switch (element[attribute: "managed"] == "yes", configuration.isManagedByLibvirt) {
            case (false, true):
                notes.append(
                    Note(
                        "\(subject): libvirt did not switch its VF's driver (managed='no'); on this pool it does",
                        Fold(
                            "guest", edit.guest.name,
                            "have VFs whose driver libvirt did not switch (managed='no'); on their pool it does")))
            case (true, false):
                notes.append(
                    Note(
                        "\(subject): libvirt switched its VF's driver; on this pool it does not (managed='no')",
                        Fold(
                            "guest", edit.guest.name,
                            "have VFs whose driver libvirt switched; on their pool it does not (managed='no')")))
            default: break
            }
        }
        let origins = try inherited?.settle(in: target, leavesOut: inherited?.vlan == nil ? [] : ["vlan"]) ?? [:]
        if leavesVLAN { target.first("vlan")?.remove() }
        try DriverPassage.check(interface, of: edit.guest, to: pool, drop: drop, subject: subject)
        notes += DriverPassage.notes(
            subject, of: edit.guest, from: state.driver(of: interface, edit.guest),
            to: pool.configuration?.driver.effective(in: edit.guest))
        var rewrite = InterfaceRewrite(target, origins: origins)
        try rewrite.toPool(pool.name, portgroup: portgroup, vlan: ownVLAN(state), agreed: drop, subject: subject)
        if let vlan = vlan(state), target.first("virtualport") != nil {
            throw Failure(
                .cannotCarry, "\(subject) would have both VLAN \(vlan) and a virtualport, which a VF can't",
                cause: "libvirt accepts it, and then refuses to start the guest",
                hints: ["drop the virtualport: `--drop virtualport`, or choose a pool or portgroup without a VLAN"])
        }
        edit.changed(target, detail(state))
        tell(edit.guest, &notes, &warnings)
        if !isJoined { warnings += PFBridge.leaving(interface, to: pool, edit.guest, state) }
        if isJoined {
            let guarded = rewrite.dropped.filter { dropped in
                InterfaceRewrite.guarded.contains { dropped.hasPrefix(bytes: $0) }
            }
            if !guarded.isEmpty {
                notes.append(
                    Note(
                        "\(subject): its VF is without \(guarded.joined(separator: ", ")), which the card keeps",
                        Fold(
                            "guest", edit.guest.name,
                            "have VFs without \(Self.kinds(guarded)), which their cards keep")))
            }
        } else if !rewrite.dropped.isEmpty {
            notes.append(
                Note(
                    "\(subject) loses what a VF can't provide: \(rewrite.dropped.joined(separator: ", "))",
                    Fold(
                        "guest", edit.guest.name,
                        "lose what a VF can't provide: \(Self.kinds(rewrite.dropped))")))
        }
        return target
    }

    /// `model virtio, target vnet3` as `model, target`: what is alike in many guests.
    private static func kinds(_ dropped: [String]) -> String {
        Set(dropped.map { Name($0.split(byte: " ").first ?? $0[...]) }).sorted().joined(separator: ", ")
    }

    /// What stays with the VF that the guest leaves, and comes back with a snapshot.
    func tell(_ guest: Guest, _ notes: inout [Note], _ warnings: inout [Diagnostic]) {
        notes += outside.notes(guest)
        warnings += outside.warnings(guest, mac.mac)
    }

    /// What libvirt's grammar has for a plain hostdev and not for an interface.
    private static func lost(_ hostdev: Element) -> [String] {
        let display = ["display", "ramfb"].compactMap { name in hostdev[attribute: name].map { "\(name) \($0)" } }
        let source = ["startupPolicy", "writeFiltering"].compactMap { name in
            hostdev.first("source")?[attribute: name].map { "\(name) \($0)" }
        }
        return display + source
    }

    /// A plain hostdev becomes an interface in its place, with all that both may have.
    private func converted(_ hostdev: Element, _ subject: String) throws(Failure) -> Element {
        for name in ["shareable", "readonly"] where hostdev.first(name) != nil && !drop.contains(name) {
            throw Failure(
                .cannotCarry, "\(subject) is \(name), as an interface can't be",
                hints: ["remove <\(text: name)/> first: `virsh edit`"])
        }
        let fragment = try Templates.interface(mac: mac.mac, pool: pool.name, portgroup: nil).root
        for child in hostdev.children where child.name != "source" && child.name != "driver" {
            _ = fragment.append(child)
        }
        return hostdev.replace(with: fragment)
    }

    private func detail(_ state: State) -> String {
        let origin = mac.words.map { " (\($0))" } ?? ""
        let words = vlan == nil && outside.vlan != nil ? " (set on the VF through its PF)" : ""
        let vlan = vlan(state).map { ", VLAN \($0)" + words } ?? ""
        if isJoined {
            return "beside interface \(interface.index) a VF of \(pool.name), with the same MAC \(mac.mac)" + vlan
        }
        return "interface \(interface.index): \(interface.attachment.summary) → \(pool.name); "
            + "\(mac.isNew ? "new" : "keeps") MAC \(mac.mac)\(origin)" + vlan
            + (leavesVLAN && (interface.vlan != nil || interface.hasTrunk) ? ", none of its own" : "")
    }
}
