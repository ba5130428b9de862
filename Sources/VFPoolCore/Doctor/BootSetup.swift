package import SRIOV
import Text

/// Everything on the host that sets VF counts at boot, as far as it can be read.
package struct BootSetup: Sendable, Equatable {
    package var setters: [CountSetter]
    /// Why it may not be everything: files and folders that can't be read, and may set one.
    package var unreadable: [String]

    package init(setters: [CountSetter] = [], unreadable: [String] = []) {
        self.setters = setters
        self.unreadable = unreadable
    }

    /// What sets the count of this port, or of whatever port.
    package func setters(of port: PhysicalFunction) -> [CountSetter] { setters.filter { $0.isAbout(port) } }
}

/// One file of the host that sets a port's VF count at boot.
package struct CountSetter: Sendable, Equatable {
    package enum Means: String, Sendable {
        /// The unit that `vfpool boot` enables.
        case vfpool = "vfpool's unit"
        case unit = "a systemd unit"
        case udevRule = "a udev rule"
        case link = "a systemd .link file"
        case networkManager = "a NetworkManager profile"
        case netplan = "netplan"
        case ifupdown = "ifupdown"
        case sysfsutils = "sysfsutils"
        case tmpfiles = "systemd-tmpfiles"
        case script = "a script at the end of the boot"
        case moduleOption = "an option of the driver's module"
    }

    package var means: Means
    package var path: String
    /// The part of the file that is about it, without comments.
    package var text: String
    /// The count it sets; nil where that can't be read out of it.
    package var count: Int?
    /// Whether libvirt waits for it.
    package var isBeforeLibvirt: Bool
    /// Whether it also sets the port up.
    package var setsUp: Bool

    package init(
        _ means: Means, _ path: String, _ text: String, count: Int?, isBeforeLibvirt: Bool = false,
        setsUp: Bool = false
    ) {
        self.means = means
        self.path = path
        self.text = text
        self.count = count
        self.isBeforeLibvirt = isBeforeLibvirt
        self.setsUp = setsUp
    }

    /// Whether it names the port, by name, address, MAC or driver, or no port at all.
    package func isAbout(_ port: PhysicalFunction) -> Bool {
        let words = Self.words(text)
        let addresses = [port.address.description, port.permanentMAC?.description, port.mac?.description]
        let names = [port.netdev] + addresses.map { $0.map { Name($0) } }
        if names.contains(where: { $0.map(words.contains) ?? false }) { return true }
        if means == .moduleOption { return port.driver.map { words.contains(Name($0)) } ?? false }
        return !namesAPort(words)
    }

    /// A netdev can't be told from another word, but where it stands can: `class/net/NAME`, `interface-name=NAME`.
    private func namesAPort(_ words: Set<Name>) -> Bool {
        if words.contains(where: { PCIAddress($0.string) != nil || MACAddress($0.string) != nil }) { return true }
        let marks = ["class/net/", "interface-name=", "OriginalName=", "Name=", "NAME==", "KERNEL==", "DEVICE="]
        if [.netplan, .ifupdown].contains(means) { return true }
        return marks.contains { mark in
            text.ranges(ofBytes: mark).contains { range in
                let name = text[range.upperBound...].drop(bytes: { $0.isOne(of: "\"'") }).prefix(bytes: {
                    !$0.isBlank && !$0.isOne(of: "\"'/,;")
                })
                // A pattern or a variable stands for any.
                return !name.isEmpty && !name.utf8.contains { $0.isOne(of: "*$%?[{") }
            }
        }
    }

    /// Everything between what no name has in it; a MAC and a PCI address stay whole, in lower case too.
    private static func words(_ text: String) -> Set<Name> {
        var words: Set<Name> = []
        for part in text.split(bytes: { !($0.isLetter || $0.isDigit || $0.isOne(of: "._:-@") || $0 >= 0x80) }) {
            words.insert(Name(part))
            words.insert(Name(part.asciiLowercased))
            // `pci-0000:03:00.0`, `unit@0000:03:00.0.service`, `eth3:` in YAML.
            words.formUnion(part.split(bytes: { $0.isOne(of: "-@") }).map { Name($0) })
            if let key = part.without(suffix: ":") { words.insert(Name(key)) }
        }
        return words
    }
}
