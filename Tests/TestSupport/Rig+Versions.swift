import Libvirt
import Model

extension Rig {
    /// Whether libvirt here takes VFIO drivers by name.
    package static let knowsDriverModels = has(.driverModel)
    /// Whether it gives guests on Linux bridges VLANs.
    package static let knowsBridgeVLANs = has(.bridgeVLANs)

    private static func has(_ gate: VersionGate) -> Bool { Connection.clientVersion.map(gate.has) ?? false }
}
