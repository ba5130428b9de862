import Model
import SRIOV
import Text

/// Before a running guest's interface is unplugged: whether the next one can be plugged. If it can't, the old one often can't be
/// plugged again either, because both are VFs of one PF; then the guest is left without an interface.
enum DownPF {
    /// libvirt sets up the VF of an interface through its PF, which has to be up. It does nothing to a plain hostdev's.
    static func check(_ device: LiveDevice, _ state: State, hints: [Hint] = []) throws(Failure) {
        for interface in try device.interfaces(functions: state.functionAddresses) {
            guard let pf = pf(of: interface.attachment, state), pf.isUp == false else { continue }
            throw Failure(
                .pfDown,
                "\(pf.title) is down: libvirt can't set up its VFs, so none can be plugged into guest \(device.guestName)",
                hints: ["bring it up: `ip link set dev \(shell: pf.title) up`"] + hints)
        }
    }

    /// Of the VF that the attachment names, or of the one that its pool hands out next.
    private static func pf(of attachment: Attachment, _ state: State) -> PhysicalFunction? {
        switch attachment {
        case .hostdevInterface: return state.function(of: attachment)?.pf
        case .network(let name, _):
            let room = state.network(name).flatMap { PoolRoom($0, state, state.claims) }
            return room?.next.first.flatMap { state.pf(of: $0) }
        default: return nil
        }
    }
}
