import Libvirt

extension LibvirtVersion {
    /// Whether attaching an interface of a hostdev network crashes the daemon (12.1.0, mended in 12.2.0).
    var hasPoolPlugFault: Bool {
        self >= LibvirtVersion(major: 12, minor: 1, release: 0)
            && self < LibvirtVersion(major: 12, minor: 2, release: 0)
    }
}
