import Glibc
import Text

/// What the kernel makes for programs beside a function's netdev: files of RDMA, UIO and vdpa devices.
struct FunctionFiles {
    /// By what a process opens.
    private(set) var files: [PCIAddress: [String]] = [:]
    private(set) var vdpa: [PCIAddress: [VDPADevice]] = [:]

    init(_ root: String) throws(HostError) {
        for (folder, files) in [("infiniband_verbs", "/dev/infiniband/"), ("uio", "/dev/")] {
            let path = root + "/class/" + folder
            guard let devices = try Folder(path) else { continue }
            for name in try devices.names() ?? [] {
                guard let address = try Self.device(path + "/" + name) else { continue }
                self.files[address, default: []].append(files + name)
            }
        }
        let path = root + "/bus/vdpa/devices"
        guard let devices = try Folder(path) else { return }
        for name in (try devices.names() ?? []).sorted(by: { Name($0) < Name($1) }) {
            guard let address = try Self.device(path + "/" + name), let device = try devices.folder(name) else {
                continue
            }
            let file = try device.names(startingWith: "vhost-vdpa-")?.first
            if let file { files[address, default: []].append("/dev/" + file) }
            vdpa[address, default: []].append(
                VDPADevice(name: Name(name), file: file.map { Name($0) }, netdev: try Self.netdev(device)))
        }
    }

    /// The PCI device that something stands on, itself or by devices between them.
    private static func device(_ link: String) throws(HostError) -> PCIAddress? {
        guard let path = realpath(link, nil) else { return try SystemFile.absent(link) }
        defer { free(path) }
        return String(cString: path).split(byte: "/").reversed().lazy.compactMap { PCIAddress(String($0)) }.first
    }

    /// The netdev of the virtio device that virtio_vdpa makes of it.
    private static func netdev(_ device: borrowing Folder) throws(HostError) -> Name? {
        for virtio in try device.names(startingWith: "virtio") ?? [] {
            if let netdev = try device.names(in: virtio + "/net")?.first { return Name(netdev) }
        }
        return nil
    }
}
