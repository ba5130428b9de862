import SRIOV

/// vfpool's unit that sets a port's VF count before libvirt starts: where its files stand, and what is in them.
enum BootUnit {
    /// One for all ports; the instance is the port's PCI address, which no renaming changes.
    static let name = "vfpool-vfs@.service"

    static func address(ofInstance unit: String) -> PCIAddress? {
        guard unit.hasPrefix("vfpool-vfs@"), unit.hasSuffix(".service") else { return nil }
        return PCIAddress(String(unit.dropFirst("vfpool-vfs@".count).dropLast(".service".count)))
    }

    /// Where the count is written down for the unit.
    static func settingsPath(_ address: PCIAddress) -> String { "/etc/vfpool/vfs/\(address).conf" }

    /// What the settings say; nil for a text without a count.
    static func settings(_ text: String) -> (count: Int, hostDriver: Bool)? {
        var values: [Substring: Substring] = [:]
        for line in ConfigurationText.lines(text) {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let count = values["VFS"].flatMap({ Int($0) }) else { return nil }
        return (count, values["HOST_DRIVER"] != "no")
    }
}
