import Model
import SRIOV
import Text
import XML

/// Ends the pair of an interface on a pool: one interface is left, with the MAC of both.
struct PairUndoing {
    /// The half that lasts, which the guest has beside the interface.
    private let persistent: GuestInterface
    private let element: Element

    /// Nil where the interface is half of no pair.
    init?(_ interface: GuestInterface, _ edit: GuestEdit) throws(Failure) {
        guard let persistent = edit.guest.persistentHalf(of: interface) else { return nil }
        self.persistent = persistent
        element = try edit.element(persistent)
    }

    /// What is left is the half that lasts, on another network or bridge if it is not there already.
    ///
    /// - Parameter half: the VF's element, which goes.
    /// - Returns: the element that is left.
    func keepPersistent(
        instead half: Element, to place: (type: String, name: Name), model: String?, agreed: Set<String>,
        tagging: VLANTagging, subject: String
    ) throws(Failure) -> Element {
        let isThere =
            switch persistent.attachment {
            case .network(let name, _): place.type == "network" && place.name == name
            case .bridge(let name): place.type == "bridge" && place.name == name
            default: false
            }
        element.first("teaming")?.remove()
        if !isThere {
            var rewrite = InterfaceRewrite(element)
            try rewrite.toEmulated(
                type: place.type, sourceAttribute: place.type, name: place.name,
                model: model ?? element.first("model")?[attribute: "type"] ?? "virtio", agreed: agreed,
                tagging: tagging, subject: subject)
        } else if let model, let kind = element.first("model") {
            kind[attribute: "type"] = model
        }
        forgetAlias()
        half.remove()
        return element
    }

    /// What is left is the interface as it was before the pair was made of it.
    ///
    /// - Parameter half: the VF's element.
    /// - Returns: the element that is to be put back as it was; the other is gone.
    func keep(_ former: FormerPair, half: Element) -> Element {
        switch former {
        case .transient:
            element.remove()
            return half
        case .persistent:
            half.remove()
            return element
        case .both: return half
        }
    }

    /// Puts the half that lasts back as it was, where it was there before the pair was made.
    func restore(_ other: String, of guest: Guest) throws(Failure) {
        try readable("guest \(guest.name)") { () throws(XMLError) in
            _ = element.replace(with: try Document(parsing: other).root)
        }
    }

    /// The name that a pair was given by vfpool means nothing without it.
    private func forgetAlias() {
        guard let alias = element.first("alias"),
            alias[attribute: "name"]?.hasPrefix(bytes: PairNames.persistent) ?? false
        else { return }
        alias.remove()
    }
}
