package import Text

/// One way in which the host itself uses a virtual function, so that no guest can have it.
///
/// Being bound to vfio-pci, or having a netdev that is merely up, is no use: a guest's start undoes both.
package enum HostUse: Hashable, Sendable {
    /// Its netdev has an IP address: `192.0.2.1/24`, or bare where the prefix is the whole address.
    case address(String)
    /// Another netdev stands on its netdev. Kind: `bridge`, `bond`, `vlan`, `macvtap`, `macvlan` or `other`.
    case upper(kind: String, name: Name)
    /// Its netdev was moved to another network namespace, most often a container's.
    case otherNamespace
    /// It has a vdpa device, which somebody made to use it.
    case vdpa(VDPADevice)
    /// Its netdev runs this XDP program, by its number (`bpftool prog show id`): packets go to it, not to the host or a guest.
    case xdp(program: Int)
    /// A process has its VFIO, RDMA, UIO or vdpa device open: a guest of libvirt's, a QEMU started by hand, DPDK.
    case program(pid: Int32, name: String)
    /// Whether the host uses it could not be read, which counts as use.
    case unreadable(HostError)
}
