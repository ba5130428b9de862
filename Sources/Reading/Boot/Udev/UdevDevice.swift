import Model
import SRIOV
import Text

/// A device as udev's rules see it, with the devices that it hangs on: a PF, or its netdev.
struct UdevDevice {
    /// One of the devices of the chain, the lowest first.
    struct Level {
        var name: String
        var subsystem: String
        var driver: String?
        /// In `/sys`; nil where it has none here.
        var folder: String?
    }

    let pf: PFTraits
    let isNetdev: Bool
    let levels: [Level]
    /// By key; those that are not here are unknown, or not set where udev's database was there to be read.
    var properties: [Name: String]
    let knowsAllProperties: Bool
    private let files: BootFiles

    /// - Parameter netdev: its netdev's name; nil: the PF itself.
    init(_ pf: PFTraits, netdev: String?, _ files: BootFiles) {
        self.pf = pf
        self.files = files
        isNetdev = netdev != nil
        let own = Level(name: pf.address.description, subsystem: "pci", driver: pf.driver, folder: pf.folder)
        var levels = [own] + Self.parents(pf.folder, files)
        if let netdev {
            levels.insert(
                Level(name: netdev, subsystem: "net", driver: nil, folder: pf.folder.map { "\($0)/net/\(netdev)" }),
                at: 0)
            properties = Self.netdevProperties(pf)
            properties["INTERFACE"] = netdev
            properties["ID_NET_NAME"] = properties["ID_NET_NAME"] ?? netdev
        } else {
            properties = pf.deviceProperties ?? [:]
            properties["PCI_SLOT_NAME"] = pf.address.description
            properties["SUBSYSTEM"] = "pci"
            properties["DRIVER"] = pf.driver
        }
        self.levels = levels
        properties["DEVPATH"] = levels[0].folder.map { String($0.without(prefix: "/sys") ?? $0[...]) }
        knowsAllProperties = (netdev == nil ? pf.deviceProperties : pf.netdevProperties) != nil
    }

    /// What udev's own rules say of every PF's netdev, besides its database.
    static func netdevProperties(_ pf: PFTraits) -> [Name: String] {
        var properties = pf.netdevProperties ?? [:]
        properties["SUBSYSTEM"] = "net"
        if properties["ID_BUS"] == nil { properties["ID_BUS"] = "pci" }
        if properties["ID_PATH"] == nil { properties["ID_PATH"] = "pci-\(pf.address)" }
        if properties["ID_NET_DRIVER"] == nil { properties["ID_NET_DRIVER"] = pf.driver }
        if properties["INTERFACE"] == nil { properties["INTERFACE"] = pf.names.first }
        return properties
    }

    /// Bridges, down to the root of the PCI domain.
    private static func parents(_ folder: String?, _ files: BootFiles) -> [Level] {
        var levels: [Level] = []
        var rest = folder.map { ScriptRun.folder(of: $0) } ?? ""
        while let name = rest.split(byte: "/").last, name.hasPrefix(bytes: "pci") || PCIAddress(String(name)) != nil {
            let driver = files.real(rest + "/driver")?.split(byte: "/").last.map(String.init)
            let isRoot = PCIAddress(String(name)) == nil
            levels.append(Level(name: String(name), subsystem: isRoot ? "" : "pci", driver: driver, folder: rest))
            rest = ScriptRun.folder(of: rest)
        }
        return levels
    }

    // MARK: Attributes

    /// What a file of a device's folder says when the device appears; absent where it has none of that name.
    func attribute(_ name: String, at level: Int = 0) -> Fact<String> {
        let isPF = level == (isNetdev ? 1 : 0)
        switch name.without(prefix: "device/") ?? (isPF ? name[...] : "") {
        // These were set since.
        case "sriov_numvfs": return .known("0")
        case "sriov_drivers_autoprobe": return .known("1")
        default: break
        }
        if isNetdev, level == 0 {
            if name.isSame(as: "address") { return pf.mac.map { .known($0) } ?? .unknown("") }
            if Self.changing.contains(Name(name)) { return .unknown("") }
        }
        guard let folder = levels[level].folder else { return known(name, at: level) }
        let value = files.attribute("\(folder)/\(name)")
        guard value == .absent else { return value }
        if name.isSame(as: "driver") || name.isSame(as: "subsystem") {
            return Fact(files.real("\(folder)/\(name)")?.split(byte: "/").last.map(String.init))
        }
        return files.isFolder(folder) ? .absent : known(name, at: level)
    }

    /// Attributes of a netdev that are not what they were when it appeared.
    private static let changing: Set<Name> = [
        "operstate", "carrier", "flags", "mtu", "speed", "duplex", "tx_queue_len", "ifalias", "phys_switch_id",
    ]

    /// Without `/sys`: what is known of every PF.
    private func known(_ name: String, at level: Int) -> Fact<String> {
        switch (levels[level].subsystem, name) {
        case ("net", "device/sriov_totalvfs"), ("pci", "sriov_totalvfs"):
            level <= (isNetdev ? 1 : 0) ? pf.possibleVFs.map { .known("\($0)") } ?? .unknown("") : .absent
        default: .unknown("")
        }
    }

    func exists(_ path: String) -> Truth {
        if path.hasPrefix(bytes: "/") { return Glob.isPattern(path) ? .maybe : Truth(files.exists(path)) }
        guard let folder = levels[0].folder, files.isFolder(folder), !Glob.isPattern(path) else { return .maybe }
        return Truth(files.exists("\(folder)/\(path)"))
    }
}
