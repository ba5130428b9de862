import Text

/// A process that has a VFIO device open, or another file of a function.
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

/// What a process opens to use a device itself.
package enum VFIONode: Hashable, Sendable {
    /// `/dev/vfio/12`, the whole IOMMU group; also `/dev/vfio/noiommu-12`.
    case group(Int)
    /// `/dev/vfio/devices/vfio3`, one device (iommufd, Linux 6.2).
    case device(String)
    /// Another driver's file: `/dev/infiniband/uverbs3` (RDMA, DPDK), `/dev/vhost-vdpa-0` (a guest), `/dev/uio0` (DPDK).
    case file(String)

    private static let files = ["/dev/infiniband/uverbs", "/dev/vhost-vdpa-", "/dev/uio"]

    /// What a link in `/proc/PID/fd` points to, if that is such a file.
    init?(path: String) {
        // libvirt takes the node out of a guest's own /dev when the device is unplugged, maybe before QEMU closes it.
        let path = path.without(suffix: " (deleted)") ?? path[...]
        guard let name = path.without(prefix: "/dev/vfio/") else {
            guard Self.files.contains(where: { path.hasPrefix(bytes: $0) }) else { return nil }
            self = .file(String(path))
            return
        }
        if let device = name.without(prefix: "devices/") {
            self = .device(String(device))
        } else if let number = Int(digits: name.without(prefix: "noiommu-") ?? name) {
            self = .group(number)
        } else {
            return nil  // /dev/vfio/vfio, the container
        }
    }
}
