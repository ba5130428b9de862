import ArgumentParser
import Hook
import Journal
import Model
import Reading

/// VF settings that libvirt has no words for.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Trust the VF: the guest may change its MAC and use promiscuous mode.", valueName: "on|off|default"))
    var trust: SwitchArgument?

    @Option(help: ArgumentHelp("Drop packets that the guest sends from another MAC.", valueName: "on|off|default"))
    var spoofCheck: SwitchArgument?

    @Option(help: ArgumentHelp("Maximum transmit rate in Mbit/s; 0: no limit.", valueName: "rate|default"))
    var maxRate: RateArgument?

    @Option(help: ArgumentHelp("Minimum transmit rate in Mbit/s; 0: none.", valueName: "rate|default"))
    var minRate: RateArgument?

    @Option(
        help: ArgumentHelp(
            "The link that the guest sees: the PF's, or always up or down.",
            valueName: "auto|enable|disable|default"))
    var linkState: LinkStateArgument?

    @Option(help: ArgumentHelp("The priority in VLAN tags.", valueName: "0-7|default"))
    var vlanQos: PriorityArgument?

    @Option(help: ArgumentHelp("The kind of VLAN tag.", valueName: "802.1Q|802.1ad|default"))
    var vlanProtocol: ProtocolArgument?

    var change: SettingsChange {
        let words: [(WantedSettings.Name, String?)] = [
            (.trust, trust?.text), (.spoofCheck, spoofCheck?.text), (.maxRate, maxRate?.text),
            (.minRate, minRate?.text), (.linkState, linkState?.text), (.vlanQoS, vlanQos?.text),
            (.vlanProtocol, vlanProtocol?.text),
        ]
        var change = SettingsChange()
        for case (let name, let text?) in words {
            if text == defaultWord { change.removed.insert(name) } else { change.wanted[name] = text }
        }
        return change
    }

    func request(_ host: Host) throws(Failure) -> SettingsRequest {
        let change = change
        guard !change.isEmpty else { return .none }
        let hook =
            host.isLocal
            ? HookReport.ofThisHost(LocalFiles(), program: (try? OwnProgram.path()) ?? "").isInstalled : nil
        return SettingsRequest(change, hookIsInstalled: hook)
    }
}

/// Takes back what was said of a setting.
private let defaultWord = "default"

/// A setting in words that it can have, or `default`.
protocol SettingArgument: ExpressibleByArgument {
    /// A setting that takes these words.
    static var name: WantedSettings.Name { get }
    var text: String { get }
    init(text: String)
}

extension SettingArgument {
    init?(argument: String) {
        guard argument == defaultWord || WantedSettings.accepts(argument, for: Self.name) else { return nil }
        self.init(text: argument)
    }

    static var words: [String] {
        switch name {
        case .trust, .spoofCheck: ["on", "off", defaultWord]
        case .linkState: ["auto", "enable", "disable", defaultWord]
        case .vlanProtocol: ["802.1Q", "802.1ad", defaultWord]
        case .vlanQoS: (0...7).map(String.init) + [defaultWord]
        case .maxRate, .minRate: [defaultWord]
        }
    }

    static var defaultCompletionKind: CompletionKind { .list(words) }
}

struct SwitchArgument: SettingArgument {
    static let name = WantedSettings.Name.trust
    var text: String
}

struct RateArgument: SettingArgument {
    static let name = WantedSettings.Name.maxRate
    var text: String
}

struct LinkStateArgument: SettingArgument {
    static let name = WantedSettings.Name.linkState
    var text: String
}

struct PriorityArgument: SettingArgument {
    static let name = WantedSettings.Name.vlanQoS
    var text: String
}

struct ProtocolArgument: SettingArgument {
    static let name = WantedSettings.Name.vlanProtocol
    var text: String
}
