import Model
import Text

/// Whether a rule is for a device, and for an event of it.
struct UdevMatch {
    let device: UdevDevice
    let action: String

    func truth(_ rule: UdevRule) -> Truth {
        let parts = rule.parts.filter(\.isMatch)
        let inherited = parts.filter { Self.inherited.contains($0.key) }
        let own = parts.filter { !Self.inherited.contains($0.key) }
        let truth = own.reduce(rule.isWhole ? Truth.yes : .maybe) { $0 && self.truth($1) }
        guard truth != .no, !inherited.isEmpty else { return truth }
        // All of these have to be true of one device, be it this one or one that it hangs on.
        let level = device.levels.indices.map { level in
            inherited.reduce(Truth.yes) { $0 && self.truth($1, at: level) }
        }.max()
        return truth && (level ?? .no)
    }

    private static let inherited: Set<Name> = ["KERNELS", "SUBSYSTEMS", "DRIVERS", "ATTRS", "TAGS"]

    private func truth(_ part: UdevRule.Part) -> Truth {
        let level = device.levels[0]
        switch part.key {
        case "ACTION": return compare(part, action)
        case "KERNEL", "NAME":
            guard device.isNetdev else { return compare(part, level.name) }
            return compare(part) { device.pf.isNamed($0, isEarly: true) }
        case "SUBSYSTEM": return compare(part, level.subsystem)
        case "DRIVER": return compare(part, level.driver ?? "")
        case "DEVPATH": return device.properties["DEVPATH"].map { compare(part, $0) } ?? .maybe
        case "ATTR": return compare(part, device.attribute(part.attribute?.string ?? ""))
        case "ENV":
            if let value = device.properties[part.attribute ?? ""] { return compare(part, value) }
            return device.knowsAllProperties ? compare(part, "") : .maybe
        case "TEST":
            let exists = device.exists(part.value)
            return part.sign.hasPrefix(bytes: "!") ? !exists : exists
        // What a program answers, a tag, a setting of the kernel's.
        default: return .maybe
        }
    }

    private func truth(_ part: UdevRule.Part, at index: Int) -> Truth {
        let level = device.levels[index]
        switch part.key {
        case "KERNELS": return compare(part, level.name)
        case "SUBSYSTEMS": return compare(part, level.subsystem)
        case "DRIVERS": return compare(part, level.driver ?? "")
        case "ATTRS": return compare(part, device.attribute(part.attribute?.string ?? "", at: index))
        default: return .maybe
        }
    }

    // MARK: Comparing

    private func compare(_ part: UdevRule.Part, _ value: Fact<String>) -> Truth {
        switch value {
        case .known(let value): compare(part, value)
        // A device without the file is matched by neither `==` nor `!=`.
        case .absent: .no
        case .unknown: .maybe
        }
    }

    private func compare(_ part: UdevRule.Part, _ value: String) -> Truth {
        guard Glob.isKnown(value) else { return .maybe }
        return compare(part) { pattern in
            part.ignoresCase
                ? Glob.truth(pattern.asciiLowercased, value.asciiLowercased) : Glob.truth(pattern, value)
        }
    }

    /// `a|b`: one of several patterns.
    private func compare(_ part: UdevRule.Part, _ judge: (Substring) -> Truth) -> Truth {
        let found = part.value.split(byte: "|", keepsEmpty: true).map(judge).max() ?? .no
        return part.sign.hasPrefix(bytes: "!") ? !found : found
    }
}
