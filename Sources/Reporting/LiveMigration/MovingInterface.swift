import Model
import SRIOV
import Text

/// One interface of a guest that moves while it runs: what it asks for at whichever host.
struct MovingInterface: Sendable {
    /// As the document that moves shows it.
    let interface: GuestInterface
    /// The network that it gets what it needs from, where it names one.
    var network: Name?
    var portgroup: Name?
    /// A VF that is fixed, by whatever spelling.
    var fixed: PCIAddress?
    /// What it has now: the VLAN of its own document, else what its network gave.
    var vlan: Int?
    /// The VLAN that its document says itself, and so takes along.
    var ownVLAN: Fact<Int>
    /// The emulated card.
    var model: String?
    /// The VFIO driver of its VF, where it has one now or its document names one.
    var driver: String?

    /// `interface 52:54:00:00:00:01`, as commands take it too; by its number where it has no MAC.
    var title: String { "interface \(name)" }

    var name: String { interface.mac?.description ?? String(interface.index) }

    /// Why QEMU can't unplug it from where it stands in the guest; nil where nothing is known against it.
    var placeProblem: String?

    /// Whether it is the half of a pair that QEMU unplugs, and plugs again at the target.
    var isTransient: Bool { interface.isTeamed && !interface.isPersistentHalf }
}
