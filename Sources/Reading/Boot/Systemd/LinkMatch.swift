import Model
import Text

/// Whether a `[Match]` section is for a PF: every line of it has to be.
struct LinkMatch {
    private let pf: PFTraits

    init(_ pf: PFTraits) { self.pf = pf }

    func truth(_ match: [Name: String]) -> Truth {
        match.reduce(.yes) { $0 && truth($1.key, $1.value) }
    }

    private func truth(_ key: Name, _ value: String) -> Truth {
        switch key {
        case "MACAddress", "PermanentMACAddress": return value.words.map { pf.hasMAC($0) }.max() ?? .no
        case "OriginalName":
            return any(value) { pf.isNamed($0, isEarly: true) }
        case "Path": return any(value) { path($0) }
        case "Driver":
            guard let driver = pf.driver else { return .maybe }
            return any(value) { Glob.truth($0, driver) }
        // Netdevs of PFs are of no kind, and Ethernet's but for InfiniBand's.
        case "Kind": return any(value) { _ in .no }
        case "Type":
            return any(value) { type in max(Glob.truth(type, "ether"), min(Glob.truth(type, "infiniband"), .maybe)) }
        case "Property": return property(value)
        // Conditions of the host: its name, its kernel, and more.
        default: return .maybe
        }
    }

    /// One of a list, or none of it where it begins with `!`.
    private func any(_ value: String, _ judge: (Substring) -> Truth) -> Truth {
        let list = value.without(prefix: "!")
        let truth = (list ?? value[...]).words.map(judge).max() ?? .no
        return list == nil ? truth : !truth
    }

    private func path(_ pattern: Substring) -> Truth {
        if let path = pf.netdevProperties?["ID_PATH"] { return Glob.truth(pattern, path) }
        let found = Glob.truth(pattern, "pci-\(pf.address)")
        // A PCI bus behind a platform's device has that one's path before its own.
        return found == .no && pattern.hasPrefix(bytes: "platform-") ? .maybe : found
    }

    private func property(_ value: String) -> Truth {
        let list = value.without(prefix: "!") ?? value[...]
        let properties = UdevDevice.netdevProperties(pf)
        var truth = Truth.yes
        for word in list.words {
            guard let (key, expected) = word.cut(at: "=") else { return .maybe }
            if let known = properties[Name(key)] {
                truth = truth && Glob.truth(expected, known)
            } else {
                truth = truth && (pf.netdevProperties == nil ? .maybe : .no)
            }
        }
        return value.hasPrefix(bytes: "!") ? !truth : truth
    }
}
