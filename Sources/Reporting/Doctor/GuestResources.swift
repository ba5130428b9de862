import Model
import Text
import XML

/// What a guest's document says of memory and processors.
struct GuestResources {
    /// KiB.
    var memory: Int?
    /// KiB.
    var hardLimit: Int?
    /// It has an IOMMU of its own.
    var hasIOMMU = false
    /// Devices that VFIO gives it, whatever they are, but for those that networks give.
    var vfioDevices = 0
    /// The networks of its interfaces, each as often as it is named.
    var networks: [Name] = []
    /// vdpa interfaces and NVMe disks, which lock all memory, each for itself.
    var otherDevices = 0
    /// Host nodes that its memory has to come from.
    var memoryNodes: Set<Int>?
    /// Host processors that it may use.
    var processors: Set<Int>?

    init?(_ guest: Guest) {
        guard let document = try? Document(parsing: guest.inactiveXML), let root = GuestReader.domain(in: document)
        else { return nil }
        memory = root.first("memory").flatMap(Self.kibibytes)
        hardLimit = root.first(path: ["memtune", "hard_limit"]).flatMap(Self.kibibytes)
        let tune = root.first(path: ["numatune", "memory"])
        if tune?[attribute: "mode"] ?? "strict" == "strict" {
            memoryNodes = tune?[attribute: "nodeset"].flatMap { IndexSet($0) }?.indices
        }
        let devices = root.first("devices")
        hasIOMMU = devices?.first("iommu") != nil
        let interfaces = devices?.all("interface") ?? []
        let hostdevs = (devices?.all("hostdev") ?? []).filter {
            $0[attribute: "type"].map { ["pci", "mdev"].contains($0) } ?? false
        }
        vfioDevices = hostdevs.count + interfaces.count { $0[attribute: "type"] == "hostdev" }
        networks = interfaces.filter { $0[attribute: "type"] == "network" }
            .compactMap { $0.first("source")?[name: "network"] }
        otherDevices =
            interfaces.count { $0[attribute: "type"] == "vdpa" }
            + (devices?.all("disk") ?? []).count { $0[attribute: "type"] == "nvme" }
        processors = root.first("vcpu")?[attribute: "cpuset"].flatMap { IndexSet($0) }?.indices
    }

    /// The host's nodes that it is bound to: by its memory, else by its processors.
    func nodes(_ nodesOfProcessors: [Int: Int]?) -> Set<Int>? {
        if let memoryNodes { return memoryNodes }
        guard let processors, let nodesOfProcessors else { return nil }
        return Set(processors.compactMap { nodesOfProcessors[$0] })
    }

    /// How often all its memory is locked: once for VFIO, but for each device where it has an IOMMU of its own, which gives each an
    /// address space of its own; and once for each vdpa and NVMe device. That is how libvirt counts.
    func timesLocked(_ state: State) -> Int {
        let given = networks.count { name in state.network(name)?.isPool ?? false }
        let count = vfioDevices + given
        return otherDevices + (hasIOMMU ? max(1, count) : 1)
    }

    private static let units = [
        "b": 1, "bytes": 1, "KB": 1000, "k": 1024, "KiB": 1024, "MB": 1_000_000, "M": 1 << 20, "MiB": 1 << 20,
        "GB": 1_000_000_000, "G": 1 << 30, "GiB": 1 << 30, "TB": 1_000_000_000_000, "T": 1 << 40, "TiB": 1 << 40,
    ]

    private static func kibibytes(_ element: Element) -> Int? {
        guard let number = Int(element.text), number < 1 << 50, let unit = units[element[attribute: "unit"] ?? "KiB"],
            case let (product, isTooLarge) = number.multipliedReportingOverflow(by: unit), !isTooLarge
        else { return nil }
        return product / 1024
    }
}
