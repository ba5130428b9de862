package import Model
import SRIOV
import Text
import XML

/// A guest's or network's document as others may read it: what it is made of stays, and of its values those that are libvirt's own
/// words or numbers; everything else is masked, known or not.
package enum MaskedDocument {
    /// - Parameter kind: of what `<name>` is the name.
    package static func text(_ xml: String, _ kind: Masks.Kind, _ masks: Masks) throws(Failure) -> String {
        try readable("the document") { () throws(XMLError) in
            // Without comments, which are in no part of it.
            let document = try Document(parsing: xml, only: Part(of: "", keeping: []))
            var waiting = [document.root]
            while let element = waiting.popLast() {
                if isForeign(element) {
                    element.remove()
                    continue
                }
                for (name, value) in element.attributes {
                    element[attribute: name] = attribute(Name(name), value, of: element, masks)
                }
                let children = element.children
                if children.isEmpty, !element.text.isEmpty { element.text = words(of: element, kind, masks) }
                waiting += children
            }
            return document.canonical()
        }
    }

    private static let namespaces: Set<Name> = [Name(PoolMark.namespace), "http://libvirt.org/schemas/domain/qemu/1.0"]

    private static func isForeign(_ element: Element) -> Bool {
        element.namespaceURI.map { !namespaces.contains(Name($0)) } ?? false
    }

    /// Attributes whose values are libvirt's own words.
    private static let enumerations: Set<Name> = [
        "type", "mode", "managed", "model", "bus", "arch", "machine", "persistent", "policy", "check", "match",
        "fallback",
        "feature", "cache", "io", "discard", "action", "access", "placement", "state", "nodeset", "cpuset", "unit",
        "format",
        "order", "multifunction", "driver", "primary", "heads", "startupPolicy", "keymap", "autoport", "stopatshutdown",
        "ats", "queues", "iommu", "present", "tickpolicy", "offset", "enabled", "trustGuestRxFilters", "nativeMode",
        "trunk",
        "default", "level", "relaxed", "range", "hidden", "relabel",
    ]

    /// Attributes that may name anything, whatever they look like.
    private static let identifying: Set<Name> = [
        "passwd", "password", "serial", "wwn", "wwpn", "wwnn", "value", "key", "username", "uid", "gid", "owner",
    ]

    /// Elements whose `name` is libvirt's own word.
    private static let namedByLibvirt: Set<Name> = ["driver", "model", "timer", "feature", "backend", "cpu"]

    private static func attribute(_ name: Name, _ value: String, of element: Element, _ masks: Masks) -> String {
        let place = Name(element.name)
        if value.isEmpty { return value }
        if name == "name" && namedByLibvirt.contains(place) { return value }
        // The kind of device that a guest starts from.
        if name == "dev" && place == "boot" { return value }
        // A UUID or MAC may be made of digits alone.
        if isNumber(value) && !identifying.contains(name) { return masks.form(value) ?? value }
        if enumerations.contains(name), isWord(value) { return masks.text(value) }
        if ["yes", "no", "on", "off"].contains(bytes: value) { return value }
        if element.namespaceURI?.isSame(as: PoolMark.namespace) ?? false { return masks.text(value) }
        // QEMU's own options.
        if element.namespaceURI != nil, value.hasPrefix(bytes: "-") || value.hasPrefix(bytes: "vfio-pci,") {
            return options(value, masks)
        }
        let masked = masks.text(value)
        if NetdevName.isUsual(value) || isLibvirtsOwn(value, name) { return masked }
        return masks.name(Name(value), kind(name, place)).string
    }

    /// A device and its properties, or an option; values that are no number and no address may name anything.
    private static func options(_ value: String, _ masks: Masks) -> String {
        value.split(byte: ",", keepsEmpty: true).enumerated().map { index, part in
            guard let (key, setting) = part.cut(at: "=") else {
                return index == 0 ? masks.text(String(part)) : masks.name(Name(part), .text).string
            }
            let value = String(setting)
            let isAddress = PCIAddress(value) != nil || PCIAddress("0000:\(value)") != nil
            let isPlain = ["on", "off"].contains(bytes: value) || isNumber(value) && !identifying.contains(Name(key))
            return "\(key)=\(isAddress || isPlain ? value : masks.name(Name(value), .text).string)"
        }.joined(separator: ",")
    }

    private static func kind(_ attribute: Name, _ place: Name) -> Masks.Kind {
        switch (attribute, place) {
        case ("network", _): .network
        case ("portgroup", _), ("name", "portgroup"): .portgroup
        case ("bridge", _), ("name", "bridge"): .bridge
        case ("dev", _): .netdev
        case ("name", "alias"), ("persistent", _): .alias
        case ("name", "host"), ("host", _): .host
        default: .text
        }
    }

    /// Names that libvirt gives: `net0` of a device, the guest agent's channel.
    private static func isLibvirtsOwn(_ value: String, _ name: Name) -> Bool {
        value.hasPrefix(bytes: "org.qemu.") || value.hasPrefix(bytes: "org.libvirt.")
            || value.hasPrefix(bytes: "com.redhat.spice.")
            || (name == "name" && !value.hasPrefix(bytes: "ua-") && NetdevName.endsInNumber(value))
    }

    // MARK: Text

    /// Elements whose text is libvirt's own words, or a number that tells nothing.
    private static let plain: Set<Name> = [
        "type", "model", "vendor", "vcpu", "memory", "currentMemory", "maxMemory", "iothreads", "on_poweroff",
        "on_reboot",
        "on_crash", "hard_limit", "soft_limit", "swap_hard_limit", "shares", "period", "quota", "size",
    ]

    /// Programs and firmware, as a distribution has them.
    private static let programs: Set<Name> = ["emulator", "loader"]

    private static func words(of element: Element, _ kind: Masks.Kind, _ masks: Masks) -> String {
        let (name, text) = (Name(element.name), element.text)
        if name == "name" && element.parent == element.document.root { return masks.name(Name(text), kind).string }
        if plain.contains(name) { return isNumber(text) ? text : masks.text(text) }
        if programs.contains(name), text.hasPrefix(bytes: "/usr/") { return masks.text(text) }
        if name == "address" || name == "uuid" { return masks.name(Name(text), .text).string }
        return text.trimmed.isEmpty ? text : masks.name(Name(text), .text).string
    }

    private static func isNumber(_ value: String) -> Bool {
        if let digits = value.without(prefix: "0x") {
            return !digits.isEmpty && digits.utf8.allSatisfy(\.isHexadecimal)
        }
        return value.utf8.allSatisfy { $0.isDigit || $0.isOne(of: "-,") }
    }

    private static func isWord(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0.isOne(of: "._-+,:") }
    }
}
