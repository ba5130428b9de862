import Model
import SRIOV
import Text

/// What configuration of the boot can know a PF by: its names, its MAC, its driver, its folders in `/sys`.
struct PFTraits: Sendable {
    var address: PCIAddress
    /// Its netdevs. None: its driver makes none, or they are in another network namespace.
    var names: [String]
    /// The one that it has when it appears, in lower case: a bond gives it another later.
    var mac: String?
    var driver: String?
    var possibleVFs: Int?
    /// Its folder below `/sys/devices`; nil where `/sys` does not say.
    var folder: String?
    /// Its RDMA devices.
    var rdmaNames: [String] = []
    /// The host's netdevs that are not its own.
    var otherNames: Set<Name> = []
    /// Its place among the PFs of its driver, by which some modules take their options.
    var place = 0
    /// What udev knows of its netdev and of itself; nil where udev's database does not say.
    var netdevProperties: [Name: String]?
    var deviceProperties: [Name: String]?

    /// Every folder in `/sys` that has its `sriov_numvfs`.
    var folders: [String] {
        var folders = ["/sys/bus/pci/devices/\(address)"]
        if let driver { folders.append("/sys/bus/pci/drivers/\(driver)/\(address)") }
        folders += names.map { "/sys/class/net/\($0)/device" }
        folders += rdmaNames.map { "/sys/class/infiniband/\($0)/device" }
        folders += names.map { "/sys/bus/pci/devices/\(address)/net/\($0)/device" }
        if let folder { folders += [folder] + names.map { "\(folder)/net/\($0)/device" } }
        return folders
    }

    // MARK: Names

    /// Whether this pattern of netdev names is for it.
    ///
    /// - Parameter isEarly: whether it is compared before netdevs get their last names.
    func isNamed(_ pattern: some StringProtocol, isEarly: Bool = false) -> Truth {
        let pattern = String(pattern)
        let found = names.map { Glob.truth(pattern, $0) }.max() ?? .no
        guard found == .no, !Glob.isPattern(pattern), Glob.isKnown(pattern), !otherNames.contains(Name(pattern))
        else { return found }
        if names.isEmpty { return .maybe }
        // The kernel's own names, in the order of its finding: any netdev may have had this one.
        let isKernels = pattern.without(prefix: "eth").map { Int(digits: $0) != nil } ?? false
        return isEarly && isKernels && !names.contains { $0.hasPrefix(bytes: "eth") } ? .maybe : .no
    }

    /// Whether a name, a PCI address or a MAC is its own.
    func isMeant(by word: some StringProtocol) -> Truth {
        let text = String(word)
        if let other = PCIAddress(text.asciiLowercased) { return Truth(other == address) }
        if MACAddress(text) != nil { return hasMAC(text) }
        return isNamed(text)
    }

    /// With colons, dashes or dots between its digits.
    func hasMAC(_ text: some StringProtocol) -> Truth {
        guard let mac else { return .maybe }
        return Truth(Self.digits(mac).elementsEqual(Self.digits(text)))
    }

    private static func digits(_ mac: some StringProtocol) -> [UInt8] {
        mac.utf8.filter { !$0.isOne(of: ":-.") }.map { $0.isLetter ? $0 | 0x20 : $0 }
    }

    // MARK: Files

    /// What the kernel, and Mellanox's driver of old, call the file that sets the count.
    static let countFiles = ["sriov_numvfs", "mlx5_num_vfs"]

    static func isCountFile(_ path: String) -> Bool {
        countFiles.contains {
            path.isSame(as: $0) || path.hasSuffix(bytes: "/" + $0) || path.hasSuffix(bytes: "]" + $0)
        }
    }

    /// Whether this path, which may be a pattern, is its file that sets the count.
    func isCountFile(_ path: String) -> Truth {
        guard Self.isCountFile(path) else { return .no }
        let parts = path.replacing(bytes: "\\:", with: ":").split(byte: "/").filter { !$0.isSame(as: ".") }.dropLast()
        // Where the path begins can't be told either.
        let isOpen = !Glob.isKnown(path.prefix(bytes: { $0 != UInt8(ascii: "/") }))
        let pattern = (isOpen ? "" : "/") + parts.joined(separator: "/")
        let found = folders.map { Glob.truth(pattern, $0, inPath: true) }.max() ?? .no
        guard found == .no, let last = parts.last else { return found }
        if folder == nil, pattern.hasPrefix(bytes: "/sys/devices/") {
            return Glob.truth(last, address.description)
        }
        guard names.isEmpty, parts.count == 5, pattern.hasPrefix(bytes: "/sys/class/net/") else { return .no }
        return isNamed(parts[3])
    }
}
