import XML

/// What a `<driver>` of a hostdev, of a hostdev interface or of a pool's `<forward>` asks for.
struct PoolDriver: Equatable {
    /// `vfio`, the only one that works; nil leaves it to libvirt.
    var name: String?
    /// The VFIO driver that a VF gets, a vendor's own such as `mlx5_vfio_pci` (libvirt 10.0.0); nil leaves it to libvirt.
    var model: String?

    init?(_ element: Element?) {
        guard let element else { return nil }
        name = element[attribute: "name"]
        model = element[attribute: "model"]
    }
}
