package import SRIOV

/// Settings of a VF that libvirt has no words for, as they are wanted of a pool, a portgroup or a guest's interface.
///
/// nil: nothing is said here, which is not the same as a default.
package struct WantedSettings: Sendable, Equatable, Codable {
    /// The settings by their names in metadata, on the command line and in JSON.
    package enum Name: String, Sendable, CaseIterable, Codable {
        case trust
        case spoofCheck = "spoof-check"
        case maxRate = "max-rate"
        case minRate = "min-rate"
        case linkState = "link-state"
        case vlanQoS = "vlan-qos"
        case vlanProtocol = "vlan-protocol"
    }

    package var trust: Bool?
    package var spoofCheck: Bool?
    /// Mbit/s; 0: no limit.
    package var maxRate: Int?
    /// Mbit/s; 0: no minimum.
    package var minRate: Int?
    package var linkState: VFSettings.LinkState?
    /// 0…7.
    package var vlanQoS: Int?
    package var vlanProtocol: VLANProtocol?
    /// What stands there and can't be understood, as `trust="maybe"`: it was meant to say something.
    package var unreadable: [String] = []

    package init() {}

    package var isEmpty: Bool { self == WantedSettings() }

    /// Whether they say something about a VLAN's tag.
    package var tagsVLAN: Bool { vlanQoS != nil || vlanProtocol != nil }

    /// Whether they say something that a card in switchdev mode leaves to its switch.
    package var isThroughSwitch: Bool { trust != nil || spoofCheck != nil || tagsVLAN }

    /// What is said, in the names' order.
    package var names: [Name] { Name.allCases.filter { self[$0] != nil } }

    /// A setting in words: `on`, `off`, a number, `auto`, `802.1ad`. Setting words that it can't have changes nothing.
    package subscript(name: Name) -> String? {
        get {
            switch name {
            case .trust: trust.map(Self.word)
            case .spoofCheck: spoofCheck.map(Self.word)
            case .maxRate: maxRate.map(String.init)
            case .minRate: minRate.map(String.init)
            case .linkState: linkState?.rawValue
            case .vlanQoS: vlanQoS.map(String.init)
            case .vlanProtocol: vlanProtocol?.rawValue
            }
        }
        set {
            guard let text = newValue else { return remove(name) }
            switch name {
            case .trust: trust = Self.flag(text) ?? trust
            case .spoofCheck: spoofCheck = Self.flag(text) ?? spoofCheck
            case .maxRate: maxRate = Self.number(text, Self.rates) ?? maxRate
            case .minRate: minRate = Self.number(text, Self.rates) ?? minRate
            case .linkState: linkState = VFSettings.LinkState(rawValue: text) ?? linkState
            case .vlanQoS: vlanQoS = Self.number(text, Self.priorities) ?? vlanQoS
            case .vlanProtocol: vlanProtocol = VLANProtocol(rawValue: text) ?? vlanProtocol
            }
        }
    }

    /// What the kernel's 32 bits hold, and what a tag's three do.
    package static let rates = 0...Int(UInt32.max)
    package static let priorities = 0...7

    /// Whether the words are ones that the setting can have.
    package static func accepts(_ text: String, for name: Name) -> Bool {
        var settings = WantedSettings()
        settings[name] = text
        return settings[name] != nil
    }

    /// These settings, and of what they leave unsaid the more general ones.
    package func over(_ general: WantedSettings) -> WantedSettings {
        var result = general
        for name in names { result[name] = self[name] }
        result.unreadable = general.unreadable + unreadable
        return result
    }

    private mutating func remove(_ name: Name) {
        switch name {
        case .trust: trust = nil
        case .spoofCheck: spoofCheck = nil
        case .maxRate: maxRate = nil
        case .minRate: minRate = nil
        case .linkState: linkState = nil
        case .vlanQoS: vlanQoS = nil
        case .vlanProtocol: vlanProtocol = nil
        }
    }

    static func word(_ on: Bool) -> String { on ? "on" : "off" }

    private static func flag(_ text: String) -> Bool? { text == "on" ? true : text == "off" ? false : nil }

    private static func number(_ text: String, _ range: ClosedRange<Int>) -> Int? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(text),
            range.contains(number)
        else { return nil }
        return number
    }
}

extension VFSettings {
    /// What the kernel says of a setting, in the same words; nil where the driver says nothing of it.
    package subscript(name: WantedSettings.Name) -> String? {
        switch name {
        case .trust: trust.map(WantedSettings.word)
        case .spoofCheck: spoofCheck.map(WantedSettings.word)
        case .maxRate: String(maxRate ?? 0)
        case .minRate: String(minRate ?? 0)
        case .linkState: linkState?.rawValue
        case .vlanQoS: String(qos ?? 0)
        case .vlanProtocol: vlanProtocol.rawValue
        }
    }
}
