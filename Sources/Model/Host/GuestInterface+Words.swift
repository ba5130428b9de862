import SRIOV
import Text

extension GuestInterface {
    /// What names the interface on a command line: its MAC, unless another one of the guest has the same.
    package func selector(of guest: Guest) -> String {
        guard let mac, guest.interfaces.count(where: { $0.mac == mac }) == 1 else { return String(index) }
        return mac.description
    }

    /// Index, MAC and where it leads, in a few words.
    package var summary: String {
        "interface \(index), \(mac?.description ?? "no MAC"), \(attachment.summary)"
    }
}

extension Attachment {
    /// Where it leads, in a few words.
    package var summary: String {
        switch self {
        case .network(let name, let portgroup): "network \(name)" + (portgroup.map { ", portgroup \($0)" } ?? "")
        case .hostdevInterface(let address): "VF \(address?.description ?? "unknown")"
        case .hostdev(let address): "VF \(address) as a plain hostdev"
        case .bridge(let name): "bridge \(name)"
        case .direct(let device, let mode): "macvtap on \(device), \(mode)"
        case .other(let type): "type \(type)"
        }
    }
}
