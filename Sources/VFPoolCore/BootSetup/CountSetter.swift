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

    static let whichPF = "which PF it is for can't be told"
}

extension BootEffects {
    /// What programs set of each PF: at most one setter that is sure, else one that may be.
    ///
    /// - Parameter order: whether libvirt waits for a line, and whether the PF is set up as well.
    func setters(
        _ means: CountSetter.Means, _ pfs: [PFTraits], runBy path: String,
        order: (CountWrite, PFTraits) -> (isBeforeLibvirt: Bool, setsUp: Truth) = { _, _ in (false, .no) }
    ) -> [CountSetter] {
        pfs.compactMap { pf in
            let found = counts.map { (write: $0, truth: $0.isFor(pf) && $0.isRun) }.filter { $0.truth != .no }
            let sure = found.filter { $0.truth == .yes }
            let writes = (sure.isEmpty ? found : sure).map(\.write)
            // From one count to another the kernel goes through 0: that is no count to end with.
            let last = writes.last { $0.count(of: pf) != 0 } ?? writes.last
            guard let last else { return nil }
            let counts = Set(writes.map { $0.count(of: pf) }).subtracting(writes.count > 1 ? [0] : [])
            let (isBefore, setsUp) = order(last, pf)
            let doubt = last.doubt ?? (last.isFor(pf) == .yes ? "whether it is run can't be told" : CountSetter.whichPF)
            return CountSetter(
                means, pf.address, last.place.path, line: last.place.line,
                caller: last.place.path.isSame(as: path) ? nil : path,
                count: counts.count > 1 ? nil : last.count(of: pf), doubt: sure.isEmpty ? doubt : nil,
                isBeforeLibvirt: isBefore, setsUp: setsUp)
        }
    }
}
