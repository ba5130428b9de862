import Model
import SRIOV
import Text
import XML

/// Makes a pair of one interface of a guest: a VF on a pool, and an emulated card with its MAC that stays when the VF is
/// unplugged, as it is for a live migration.
///
/// An interface with a VF becomes the VF's half where it stands, and gets another beside it. An emulated one on a network or
/// bridge is the half that stays, and keeps its place in the guest and all its settings.
struct Pairing {
    private let path: FailoverPath
    private let interface: GuestInterface
    /// The interface's element, as it was found.
    private let element: Element
    /// The persistent half that is there already.
    private let known: (interface: GuestInterface, element: Element)?
    private let stays: Bool

    /// - Throws: `unsupported` where libvirt has no pairs.
    init(
        _ interface: GuestInterface, _ element: Element, _ path: FailoverPath, _ edit: GuestEdit, _ state: State
    ) throws(Failure) {
        try Self.checkVersion(state)
        self.path = path
        self.interface = interface
        self.element = element
        stays =
            switch interface.attachment {
            case .bridge: true
            case .network(let name, _): state.network(name)?.isPool != true
            case .hostdevInterface, .hostdev, .direct, .other: false
            }
        if !stays, let other = Self.other(interface, edit.guest) ?? state.olderHalf(of: interface, edit.guest) {
            known = (other, try edit.element(other))
        } else {
            known = nil
        }
        if stays, let half = state.olderHalf(of: interface, edit.guest) {
            throw Failure(
                .cannotCarry,
                "interface \(interface.index) of guest \(edit.guest.name) has a VF beside it already, with the same MAC",
                hints: [
                    ("name that one, and the two become the pair: `--interface \(shell: half.index)`" as Hint).inSpec(
                        nil)
                ])
        }
        guard !interface.isPersistentHalf || edit.guest.transientHalf(of: interface) == nil else {
            throw Failure(
                .cannotCarry,
                "interface \(interface.index) of guest \(edit.guest.name) is the persistent half of a pair that has its VF",
                hints: ["name the other half, which has the same MAC"])
        }
    }

    /// The half that lasts: the one that it names, else one with its MAC that no other names.
    private static func other(_ interface: GuestInterface, _ guest: Guest) -> GuestInterface? {
        guest.persistentHalf(of: interface)
            ?? guest.interfaces.first { other in
                other.isPersistentHalf && other.mac != nil && other.mac == interface.mac
                    && guest.transientHalf(of: other) == nil
            }
    }

    /// Whether the two halves that are there say of each other what they are.
    private var isWhole: Bool {
        guard let other = known?.interface, interface.isTeamed, !interface.isPersistentHalf else { return false }
        return other.isPersistentHalf && other.alias == interface.partner
    }

    static func checkVersion(_ state: State) throws(Failure) {
        guard let version = state.libvirtVersion, VersionGate.pairs.isLacking(version) else {
            return
        }
        throw Failure(
            .unsupported,
            "libvirt \(version) has no pairs of a VF and an emulated card: they came with \(VersionGate.pairs.since)",
            hints: [("leave out --failover" as Hint).inSpec("leave out failover")])
    }

    /// Whether the interface stays as it is, and is joined by a VF.
    var isJoined: Bool { stays }

    /// The element that goes on the pool: the interface's own or, of one that stays, a copy after it.
    func half() -> Element {
        guard stays, let devices = element.parent else { return element }
        let copy = devices.insert(element, after: element)
        // What can be said of one device only stays with it.
        for name in ["teaming", "alias", "address", "boot", "rom", "acpi", "target"] {
            for child in copy.all(name) { child.remove() }
        }
        return copy
    }

    /// Joins the half that is on the pool by now with the one that lasts.
    ///
    /// - Returns: the persistent half.
    /// - Throws: `cannot-carry`.
    func join(
        _ half: Element, in edit: inout GuestEdit, _ state: State, _ notes: inout [Note], _ warnings: inout [Diagnostic]
    ) throws(Failure) -> Element {
        try PairPlaces(edit.guest, edit.document).check(half, interface)
        guard let mac = half.first("mac")?[attribute: "address"].flatMap({ MACAddress($0) }) else {
            throw Failure(.noMAC, "interface \(interface.index) of guest \(edit.guest.name) has no MAC to share")
        }
        let persistent: Element
        if let known {
            persistent = known.element
            let isThere = path.isThat(of: known.interface.attachment)
            if isThere, isWhole {
                followVLAN(half, persistent, known.interface, &edit, state, &warnings)
                return persistent
            }
            try lead(persistent, edit.guest, state, &notes)
            if let link = persistent.first("link"), link[attribute: "state"] == "down" {
                // The guest was to use it when somebody set it up; in a pair it follows by itself.
                link.remove()
                notes.append(
                    "interface \(known.interface.index) of guest \(edit.guest.name): its link comes up, as the guest falls back on it by itself"
                )
            }
            edit.changed(
                persistent,
                isThere
                    ? "interface \(known.interface.index) on \(path.words) becomes its persistent half"
                    : "interface \(known.interface.index): its persistent half → \(path.words)")
        } else if stays {
            persistent = element
            try lead(persistent, edit.guest, state, &notes)
            edit.changed(persistent, "interface \(interface.index) on \(path.words) stays when the VF is unplugged")
        } else {
            let fragment = try Templates.interface(mac: mac, pool: "", portgroup: nil).root
            persistent = half.parent.map { $0.insert(fragment, after: half) } ?? fragment
            try lead(persistent, edit.guest, state, &notes)
            edit.changed(
                persistent,
                "beside \(edit.isChanged(half) ? "it" : "interface \(interface.index)") a virtio card on \(path.words), which stays when the VF is unplugged"
            )
        }
        try tie(half, persistent, mac, edit)
        edit.changedAlong(half)
        setVLAN(half, persistent, state)
        warnings += PairAdvice.warnings(edit.guest, half, persistent, path, state)
        return persistent
    }

    // MARK: Details

    /// Points the persistent half at the path, as a virtio card, which it has to be.
    private func lead(
        _ persistent: Element, _ guest: Guest, _ state: State, _ notes: inout [Note]
    ) throws(Failure) {
        let subject = "interface \(interface.index) of guest \(guest.name)"
        let old = persistent.first("model")?[attribute: "type"]
        let isVirtio = old?.hasPrefix(bytes: "virtio") ?? false
        if !path.isThat(of: attachment(persistent)) {
            try path.checkThere(state)
            let (type, name) = path.source
            var rewrite = InterfaceRewrite(persistent)
            try rewrite.toEmulated(
                type: type, sourceAttribute: type, name: name, model: isVirtio ? old ?? "virtio" : "virtio",
                agreed: [], tagging: state.tagging(on: path.attachment), subject: subject)
        } else if !isVirtio {
            let model = persistent.first("model") ?? persistent.addChild("model", before: persistent.first("address"))
            model[attribute: "type"] = "virtio"
        }
        if !isVirtio, let old {
            notes.append("\(subject): its card \(old) becomes virtio, as only that can be half of a pair")
        }
    }

    private func attachment(_ element: Element) -> Attachment {
        GuestReader.device(element, functions: [])?.attachment ?? .other(type: "")
    }

    /// One knows the other by its alias. The VF's half gets one too: by its MAC, virsh can't tell it from the other.
    private func tie(
        _ half: Element, _ persistent: Element, _ mac: MACAddress, _ edit: GuestEdit
    ) throws(Failure) {
        let digits = mac.description.replacing(bytes: ":", with: "")
        let alias = try PairNames.name(persistent, PairNames.persistent + digits, edit)
        _ = try PairNames.name(half, PairNames.transient + digits, edit)
        teaming(of: persistent)[attribute: "type"] = "persistent"
        let other = teaming(of: half)
        other[attribute: "type"] = "transient"
        other[attribute: "persistent"] = alias
    }

    private func teaming(of element: Element) -> Element {
        element.first("teaming")
            ?? element.addChild("teaming", before: element.first("alias") ?? element.first("address"))
    }

    /// A pair that is there already, and whose VF may have been given another VLAN.
    private func followVLAN(
        _ half: Element, _ persistent: Element, _ other: GuestInterface, _ edit: inout GuestEdit, _ state: State,
        _ warnings: inout [Diagnostic]
    ) {
        let before = vlan(persistent, state)
        setVLAN(half, persistent, state)
        if let vlan = vlan(persistent, state), vlan != before {
            edit.changed(persistent, "interface \(other.index), its persistent half: VLAN \(vlan)")
        }
        guard vlan(half, state) != state.effectiveVLAN(interface) else { return }
        warnings += PairAdvice.vlan(edit.guest, half, persistent, path.words, state)
    }

    /// On Open vSwitch, and on a Linux bridge that tells VLANs apart, the persistent half can be told the VLAN of the VF.
    private func setVLAN(_ half: Element, _ persistent: Element, _ state: State) {
        guard state.tagging(on: path.attachment).isPossible,
            let vlan = vlan(half, state), vlan != self.vlan(persistent, state)
        else { return }
        PoolDocument.setVLAN(vlan, in: persistent, before: persistent.first("address"))
    }

    private func vlan(_ element: Element, _ state: State) -> Int? {
        GuestReader.device(element, functions: []).flatMap(state.effectiveVLAN)
    }
}
