package import Text

/// A vdpa device on a virtual function: its queues without its NIC, for a guest or for the host (`vdpa dev add`).
package struct VDPADevice: Hashable, Sendable {
    package let name: Name
    /// What programs open, without the folder: `vhost-vdpa-0`; nil where another driver than vhost_vdpa has it.
    package let file: Name?
    /// The host's own netdev on it, with the driver virtio_vdpa.
    package let netdev: Name?

    package init(name: Name, file: Name? = nil, netdev: Name? = nil) {
        self.name = name
        self.file = file
        self.netdev = netdev
    }
}
