import Libvirt
import Text

/// Whether libvirt gives an emulated card a VLAN of its own where it leads, and why not.
package enum VLANTagging: Equatable {
    case possible
    /// Why not; nil where that goes without saying.
    case impossible(String?)

    package var isPossible: Bool { self == .possible }
    package var reason: String? { if case .impossible(let reason) = self { reason } else { nil } }
}

extension State {
    /// Open vSwitch bridges take VLANs, by a network that says so; Linux bridges from libvirt 11.0 on, where they filter: one that
    /// does not would let the guest see what it sees itself.
    package func tagging(on attachment: Attachment) -> VLANTagging {
        switch attachment {
        case .bridge(let name): return tagging(onBridge: name)
        case .network(let name, _):
            guard let network = network(name), network.isPool == false else { return .impossible(nil) }
            if let type = (try? Inheritance(attachment, self))?.virtualport {
                return type == "openvswitch" ? .possible : .impossible(nil)
            }
            guard network.settings.mode == "bridge", let bridge = network.settings.bridge else {
                return .impossible(nil)
            }
            return tagging(onBridge: bridge)
        default: return .impossible(nil)
        }
    }

    private func tagging(onBridge name: Name) -> VLANTagging {
        guard let version = libvirtVersion, VersionGate.bridgeVLANs.has(version) else {
            let version = libvirtVersion.map { "\($0)" } ?? "of an unknown version"
            return .impossible(
                "libvirt \(version) gives no VLAN to a guest on a Linux bridge; \(VersionGate.bridgeVLANs.since) and later do"
            )
        }
        switch bridgeFilters[name] {
        case true?: return .possible
        case false?:
            return .impossible(
                "bridge \(name) does not tell VLANs apart (vlan_filtering is 0): libvirt would start the guest without its VLAN"
            )
        case nil:
            return .impossible("whether bridge \(name) tells VLANs apart (vlan_filtering) can't be seen from here")
        }
    }
}
