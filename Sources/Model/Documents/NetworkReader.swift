import SRIOV
import Text
package import XML

/// Reads what a hostdev network's document says.
package enum NetworkReader {
    /// Nil unless the network's forward mode is `hostdev`.
    package static func configuration(in document: Document) -> PoolConfiguration? {
        let root = document.root
        guard root.name == "network", root.namespaceURI == nil, let forward = root.first("forward"),
            forward[attribute: "mode"] == "hostdev"
        else { return nil }
        let vlan = VLANTag(root.first("vlan"))
        var configuration = PoolConfiguration(
            isManagedByLibvirt: forward[attribute: "managed"] == "yes",
            pfName: forward.first("pf")?[name: "dev"],
            addresses: forward.all("address").compactMap(GuestReader.pciAddress),
            vlan: vlan.tag,
            hasTrunk: vlan.isTrunk || root.all("portgroup").contains { VLANTag($0.first("vlan")).isTrunk },
            portgroups: root.all("portgroup").map(portgroup), mark: mark(root),
            wanted: PoolDocument.markElement(in: root).map(SettingsDocument.settings) ?? PoolSettings())
        configuration.trunk = vlan.trunk
        configuration.driver = FunctionDriver(forward.first("driver"))
        return configuration
    }

    /// What any network's document says.
    package static func settings(in document: Document) -> NetworkSettings {
        let root = document.root
        let forward = root.first("forward")
        var settings = NetworkSettings()
        settings.mode = forward?[attribute: "mode"] ?? (forward == nil ? nil : "nat")
        settings.devices =
            [forward?[name: "dev"]].compactMap(\.self)
            + (forward?.all("interface") ?? []).compactMap { $0[name: "dev"] }
        if settings.mode != "hostdev" { settings.pf = forward?.first("pf")?[name: "dev"] }
        settings.bridge = root.first("bridge")?[name: "name"]
        settings.isIsolated = root.first("port")?[attribute: "isolated"] == "yes"
        let ports = ([root] + root.all("portgroup")).compactMap { $0.first("virtualport")?[attribute: "type"] }
        settings.virtualport = ports.first { $0 != "802.1Qbh" } ?? ports.first
        settings.vlan = VLANTag(root.first("vlan")).tag
        settings.portgroups = root.all("portgroup").map(portgroup)
        settings.limitedPortgroups = Set(
            root.all("portgroup").filter { $0.first("bandwidth") != nil }.compactMap { $0[name: "name"] })
        settings.refused =
            ["bandwidth", "ip", "dns", "domain", "mac", "mtu", "bridge"].filter { root.first($0) != nil }
            + (settings.limitedPortgroups.isEmpty ? [] : ["portgroup bandwidth"])
        settings.driver = forward?.first("driver")?[attribute: "name"]
        settings.titles = Titles(root)
        settings.driverModel = forward?.first("driver")?[attribute: "model"]
        return settings
    }

    /// How many ports libvirt counts, in a running network's document.
    package static func connections(in document: Document) -> Int {
        document.root[attribute: "connections"].flatMap { Int(digits: $0) } ?? 0
    }

    private static func portgroup(_ element: Element) -> Portgroup {
        let vlan = VLANTag(element.first("vlan"))
        var portgroup = Portgroup(
            name: element[name: "name"] ?? "", vlan: vlan.tag, isDefault: element[attribute: "default"] == "yes")
        portgroup.trunk = vlan.trunk
        return portgroup
    }

    static func mark(_ root: Element) -> PoolMark? {
        guard let pool = PoolDocument.markElement(in: root) else { return nil }
        guard let several = pool.first("several") else {
            return PoolMark([pf(pool.first("pf"), selecting: pool.first("functions"))])
        }
        return PoolMark(
            several.all("pf").map { pf($0, selecting: $0) },
            // What can't be read is an order that some other vfpool knows.
            order: several[attribute: "order"].flatMap { FunctionOrder(rawValue: $0) } ?? .listed)
    }

    private static func pf(_ pf: Element?, selecting functions: Element?) -> PFMark {
        PFMark(
            device: pf?[name: "dev"],
            address: pf?[attribute: "address"].flatMap { PCIAddress($0) },
            mac: pf?[attribute: "mac"].flatMap { MACAddress($0) },
            selection: VFSelection(
                // What can't be read covers nothing: better too little than what is somebody else's.
                included: functions?[attribute: "include"].map { IndexSet($0) ?? IndexSet() },
                excluded: functions?[attribute: "exclude"].flatMap { IndexSet($0) } ?? IndexSet()))
    }

    /// One port's document (`virNetworkPortGetXMLDesc`).
    package static func port(in document: Document) -> NetworkPortState? {
        let root = document.root
        guard root.name == "networkport", root.namespaceURI == nil, let uuid = root.first("uuid")?.text else {
            return nil
        }
        let owner = root.first("owner")
        return NetworkPortState(
            uuid: uuid, ownerName: Name(owner?.first("name")?.text ?? ""), ownerUUID: owner?.first("uuid")?.text ?? "",
            mac: root.first("mac")?[attribute: "address"].flatMap { MACAddress($0) },
            address: root.first("plug")?.first("address").flatMap(GuestReader.pciAddress),
            portgroup: root.first("group").map { Name($0.text) }, vlan: VLANTag(root.first("vlan")).tag)
    }
}
