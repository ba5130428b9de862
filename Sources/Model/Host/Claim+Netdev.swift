package import SRIOV
import Text

extension Claim {
    /// Whether it is the VF's netdev that the host uses: without one it could not.
    package var isByNetdev: Bool {
        switch kind {
        case .host(.address), .host(.upper), .host(.xdp): true
        default: false
        }
    }
}

extension PhysicalFunction {
    /// How the host is kept from using its VFs' netdevs.
    package var netdevHint: Hint {
        "if the host is not to have it: take it from the host, and let VFs get no netdev: `vfpool resize \(shell: title) \(shell: enabledVFs) --no-host-driver`"
    }
}
