package import SRIOV
import Text

/// One file of the host that sets a PF's VF count at boot.
package struct CountSetter: Sendable, Equatable {
    package enum Means: String, Sendable {
        /// The unit that `vfpool boot` enables.
        case vfpool = "vfpool's unit"
        case unit = "a systemd unit"
        case udevRule = "a udev rule"
        case link = "a systemd .link file"
        case networkManager = "NetworkManager"
        case netplan = "netplan"
        case nmstate = "nmstate"
        case ifupdown = "ifupdown"
        case wicked = "wicked"
        case sysfsutils = "sysfsutils"
        case tmpfiles = "systemd-tmpfiles"
        case script = "a boot script"
        case cron = "cron"
        case hook = "a hook script"
        case moduleOption = "an option of the driver's module"
        case osNetConfig = "os-net-config"
        case netplanShim = "sriov-netplan-shim"
        case networkOperator = "the SR-IOV network operator"
        case vdsm = "VDSM"
    }

    package var means: Means
    package var pf: PCIAddress
    /// The file that has the count in it.
    package var path: String
    package var line: Int?
    /// The file that has the other one run, where that is another.
    package var caller: String?
    /// The count it sets; nil where that can't be read out of it.
    package var count: Int?
    /// Why it may not set this PF's count at all; nil: it does.
    package var doubt: String?
    /// Whether libvirt waits for it.
    package var isBeforeLibvirt: Bool
    /// Whether it also sets the PF up.
    package var setsUp: Truth

    package init(
        _ means: Means, _ pf: PCIAddress, _ path: String, line: Int? = nil, caller: String? = nil, count: Int?,
        doubt: String? = nil, isBeforeLibvirt: Bool = false, setsUp: Truth = .no
    ) {
        self.means = means
        self.pf = pf
        self.path = path
        self.line = line
        self.caller = caller
        self.count = count
        self.doubt = doubt
        self.isBeforeLibvirt = isBeforeLibvirt
        self.setsUp = setsUp
    }

    /// `a systemd unit, /etc/systemd/system/vfs.service:7`.
    package var title: String {
        let place = line.map { "\(path):\($0)" } ?? path
        return "\(means.rawValue), " + (caller.map { "\($0), which runs \(place)" } ?? place)
    }

    package static let whichPF = "it is not known which PF it is for"
}
