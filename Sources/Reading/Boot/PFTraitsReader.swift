import Model
import SRIOV
import Text

/// Reads what configuration of the boot can know a host's PFs by.
struct PFTraitsReader {
    let files: BootFiles

    func traits(of pfs: [PhysicalFunction]) -> [PFTraits] {
        let netdevs = files.names(in: "/sys/class/net").map { Name($0) }
        var places: [Name: Int] = [:]
        return pfs.sorted { $0.address < $1.address }.map { pf in
            var traits = PFTraits(
                address: pf.address, names: ([pf.netdev].compactMap(\.self) + pf.otherNetdevs).map { "\($0)" },
                mac: (pf.permanentMAC ?? pf.mac)?.description,
                driver: pf.driver.map { "\($0)" }, possibleVFs: pf.possibleVFs)
            let folder = "/sys/bus/pci/devices/\(pf.address)"
            traits.folder = files.real(folder)
            traits.rdmaNames = files.names(in: folder + "/infiniband")
            traits.otherNames = Set(netdevs).subtracting(traits.names.map { Name($0) })
            if let driver = traits.driver {
                traits.place = places[Name(driver), default: 0]
                places[Name(driver), default: 0] += 1
            }
            traits.deviceProperties = properties("/run/udev/data/+pci:\(pf.address)")
            if let name = traits.names.first, let index = files.attribute("/sys/class/net/\(name)/ifindex").value {
                traits.netdevProperties = properties("/run/udev/data/n\(index)")
            }
            return traits
        }
    }

    /// Lines `E:KEY=VALUE` of a device in udev's database.
    private func properties(_ path: String) -> [Name: String]? {
        guard let text = files.text(path) else { return nil }
        var properties: [Name: String] = [:]
        for line in text.lines {
            guard let (key, value) = line.without(prefix: "E:")?.cut(at: "=") else { continue }
            properties[Name(key)] = String(value)
        }
        return properties
    }
}
