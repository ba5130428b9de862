import Model
import Planning
import SRIOV
import Spec
import TestSupport
import Text

/// Short ways to compare a host with a spec, and to have it as the spec says.
extension SpecOptions {
    /// Of a host that has every bridge, and whose drivers take everything.
    static func pretend(prunes: Bool = false, isLive: Bool = false) -> SpecOptions {
        var count = 0
        var options = SpecOptions(
            pf: { (word, state) throws(Failure) in
                let found = DeviceNames(state.pfs).pfs(word)
                guard let pf = state.pfs.first(where: { found.contains($0.address) }) else {
                    throw Failure(.noSuchDevice, "there is no network device \(word)")
                }
                return pf
            }, bootPlan: { (_, _, _, _) throws(Failure) in Plan() }, isBridge: { _ in true },
            request: { SettingsRequest($0, hookIsInstalled: true) },
            uuid: {
                count += 1
                return "55555555-2222-4333-8444-" + String(100_000_000_000 + count)
            })
        options.prunes = prunes
        options.isLive = isLive
        return options
    }
}

extension State {
    func spec(_ yaml: String, prunes: Bool = false, isLive: Bool = false) throws -> SpecPlan {
        try SpecPlan(
            self, SpecText(Array(yaml.utf8), name: "spec").spec(), .pretend(prunes: prunes, isLive: isLive))
    }

    /// What `export` prints.
    func exported(isFull: Bool = false, _ names: Name...) throws -> String {
        try HostExport.spec(self, boot: nil, names: names, isFull: isFull).yaml
    }

    /// How it differs from what it exports itself, in words: in no way.
    func exportedDifferences() throws -> [String] {
        try [false, true].flatMap { isFull in
            let text = try exported(isFull: isFull)
            return try spec(text, prunes: true).differences.map { "\($0.words) in\n\(text)" }
        }
    }
}

extension PretendNIC {
    /// On the bridge br0, with this MAC.
    static func bridged(_ mac: String) -> PretendNIC {
        .xml("<interface type='bridge'><mac address='\(mac)'/><source bridge='br0'/><model type='virtio'/></interface>")
    }
}

extension PretendHost {
    func spec(_ yaml: String, prunes: Bool = false, isLive: Bool = false) throws -> SpecPlan {
        try state().spec(yaml, prunes: prunes, isLive: isLive)
    }
}

extension Planning.Difference {
    /// `differs pool tenants vlan: none → 7`.
    var words: String {
        let parts = fields.map(\.words) + [failure?.code.rawValue].compactMap(\.self)
        return ([verdict.rawValue, subject.words] + parts).joined(separator: " ")
    }
}
