/// A process that has a VFIO device open.
package struct VFIOHolder: Hashable, Sendable {
    package let pid: Int32
    /// `/proc/PID/comm`, which the kernel cuts at 15 bytes.
    package let name: String
    /// If it is a QEMU: the guest's UUID (`-uuid`) and name (`-name guest=…`), which libvirt always passes.
    package let guestUUID: String?
    package let guestName: String?

    package init(pid: Int32, name: String, guestUUID: String? = nil, guestName: String? = nil) {
        self.pid = pid
        self.name = name
        self.guestUUID = guestUUID
        self.guestName = guestName
    }
}

/// What a process opens to use a VFIO device.
package enum VFIONode: Hashable, Sendable {
    /// `/dev/vfio/12`, the whole IOMMU group; also `/dev/vfio/noiommu-12`.
    case group(Int)
    /// `/dev/vfio/devices/vfio3`, one device (iommufd, Linux 6.2).
    case device(String)

    /// What a link in `/proc/PID/fd` points to, if that is a VFIO device.
    init?(path: String) {
        guard path.hasPrefix("/dev/vfio/") else { return nil }
        var name = path.dropFirst("/dev/vfio/".count)
        // libvirt takes the node out of a guest's own /dev when the device is unplugged, maybe before QEMU closes it.
        if name.hasSuffix(" (deleted)") { name.removeLast(" (deleted)".count) }
        if name.hasPrefix("devices/") {
            self = .device(String(name.dropFirst("devices/".count)))
        } else if let number = Int(name.hasPrefix("noiommu-") ? name.dropFirst("noiommu-".count) : name) {
            self = .group(number)
        } else {
            return nil  // /dev/vfio/vfio, the container
        }
    }
}
