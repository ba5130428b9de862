import Model
import SRIOV
import Text
import XML

/// Turns one interface of a guest's document into another kind, in place, and says what did not come along.
///
/// Only what ties the interface to its old source goes; MAC, guest-side address, alias, boot order, ROM, teaming,
/// ACPI index, link state and everything foreign stay where they are.
struct InterfaceRewrite {
    let element: Element
    /// Names of elements and attributes that a VF can't carry, as the plan names them.
    private(set) var dropped: [String] = []
    /// Where elements and attributes came from that are not the interface's own, by their names.
    private let origins: [Name: String]

    init(_ element: Element, origins: [Name: String] = [:]) {
        self.element = element
        self.origins = origins
    }

    /// What guards security or service, so that it is dropped only when it is named.
    package static let guarded = ["filterref", "bandwidth", "port", "virtualport", "link", "vlan"]

    /// Points the interface at a pool.
    ///
    /// - Parameter agreed: what the user agreed to drop.
    /// - Throws: `cannot-carry`, `vlan-trunk`.
    mutating func toPool(
        _ pool: Name, portgroup: Name?, vlan: Int?, agreed: Set<String>, subject: String
    ) throws(Failure) {
        try refuseGuarded(agreed, subject)
        if vlan == nil, VLANTag(element.first("vlan")).isTrunk {
            throw CreateChecks.trunk(subject + (origins["vlan"].map { ", by \($0)," } ?? ""))
        }
        for name in ["model", "backend", "tune", "mtu", "coalesce", "target", "script", "downscript", "ip", "route"] {
            drop(name)
        }
        for name in ["guest", "backenddomain", "portForward"] { drop(name) }
        dropDriver()
        // It is the trust in a tap's receive filter, not a VF's `trust`.
        dropAttribute("trustGuestRxFilters")
        element[attribute: "managed"] = nil
        element[attribute: "type"] = "network"
        setNetworkSource(pool, portgroup)
        if let vlan { PoolDocument.setVLAN(vlan, in: element, before: element.first("address")) }
    }

    /// Names the pool of a running interface, whose live document only has its function.
    func toNetwork(_ pool: Name, portgroup: Name?) {
        element.first("driver")?.remove()
        element[attribute: "managed"] = nil
        element[attribute: "type"] = "network"
        setNetworkSource(pool, portgroup)
    }

    /// Points the interface at an ordinary network or a bridge.
    ///
    /// - Parameter tagging: whether it can have a VLAN there.
    /// - Throws: `cannot-carry` for what only a VF can: 802.1Qbh, the plugged half of a pair, and a VLAN that it can't have there.
    mutating func toEmulated(
        type: String, sourceAttribute: String, name: Name, model: String, agreed: Set<String>, tagging: VLANTagging,
        subject: String
    ) throws(Failure) {
        if element.first("teaming")?[attribute: "type"] == "transient" {
            throw Failure(
                .cannotCarry, "\(subject) is the transient half of a failover pair, which has to be a VF",
                hints: ["pin it to one instead: `--to-vf ADDRESS`"])
        }
        for name in tagging.isPossible ? ["virtualport"] : ["vlan", "virtualport"] where element.first(name) != nil {
            guard agreed.contains(name) else {
                throw Failure(
                    .cannotCarry, "\(subject) has a \(name)\(from(name)), which a \(type) can't give it",
                    cause: name == "vlan" && tagging.reason != nil
                        ? tagging.reason
                        : "libvirt would refuse to start the guest, and without it the guest is on another network",
                    hints: ["to drop it anyway: `--drop \(shell: name)`"])
            }
            drop(name)
        }
        for child in element.all("source") { child.remove() }
        if let driver = element.first("driver"), isOfFunction(driver) { driver.remove() }
        element[attribute: "managed"] = nil
        element[attribute: "type"] = type
        let source = element.addChild("source", before: afterMAC)
        source[name: sourceAttribute] = name
        let kind = element.first("model") ?? element.addChild("model", before: next(after: source))
        kind[attribute: "type"] = model
    }

    /// Pins the interface to one function, whose driver libvirt switches as it did on the interface's pool.
    ///
    /// - Parameter driver: what the pool names; a pin has no pool to name it.
    mutating func toFunction(_ address: PCIAddress, isManaged: Bool, driver: FunctionDriver = FunctionDriver()) {
        for name in ["source", "model", "driver", "target"] { for child in element.all(name) { child.remove() } }
        element[attribute: "type"] = "hostdev"
        element[attribute: "managed"] = isManaged ? "yes" : nil
        let source = element.addChild("source", before: afterMAC)
        let target = source.addChild("address")
        target[attribute: "type"] = "pci"
        for (name, value) in address.attributes { target[attribute: name] = value }
        driver.write(in: element, before: source)
    }

    /// Which NUMA nodes a device belongs to is told of devices of the host's: an emulated card that comes of one has none.
    mutating func dropNodes() {
        guard let acpi = element.first("acpi"), let nodes = acpi[attribute: "nodeset"] else { return }
        dropped.append("acpi nodeset \(nodes)")
        acpi[attribute: "nodeset"] = nil
        if acpi.attributes.isEmpty { acpi.remove() }
    }

    // MARK: Details

    private func setNetworkSource(_ pool: Name, _ portgroup: Name?) {
        let old = element.first("source")
        let source = element.addChild("source", before: old ?? afterMAC)
        source[name: "network"] = pool
        source[name: "portgroup"] = portgroup
        old?.remove()
    }

    /// libvirt's own order: the source follows the MAC.
    private var afterMAC: Element? {
        guard let mac = element.first("mac") else { return element.children.first }
        return next(after: mac)
    }

    private func next(after child: Element) -> Element? {
        let children = element.children
        guard let index = children.firstIndex(of: child), index + 1 < children.count else { return nil }
        return children[index + 1]
    }

    private mutating func refuseGuarded(_ agreed: Set<String>, _ subject: String) throws(Failure) {
        let wasVF = element[attribute: "type"] == "hostdev"
        for name in Self.guarded where name != "vlan" {
            guard let child = element.first(name), isGuarded(child, wasVF: wasVF) || agreed.contains(name)
            else { continue }
            guard agreed.contains(name) else {
                throw Failure(
                    .cannotCarry, "\(subject) has \(words(child))\(from(name)), which a VF can't provide",
                    cause: "it matters for security or service quality, so it is dropped only on request",
                    hints: ["to drop it anyway: `--drop \(shell: name)`"])
            }
            drop(name)
        }
        // What an Open vSwitch bridge knows the interface by goes with the bridge.
        if let type = element.first("virtualport")?[attribute: "type"], type != "802.1Qbh" { drop("virtualport") }
    }

    private func isGuarded(_ child: Element, wasVF: Bool) -> Bool {
        switch child.name {
        // Down on purpose, it would come up: libvirt can't set a VF's link, and refuses to start with one down.
        case "link": child[attribute: "state"] == "down" && !wasVF
        case "port": child[attribute: "isolated"] == "yes"
        case "virtualport": child[attribute: "type"] == "802.1Qbg"
        default: true
        }
    }

    /// `<driver name='vfio'>` belongs to the pool; anything else there is an emulated NIC's, or of a way that no pool has.
    private mutating func dropDriver() {
        guard let driver = element.first("driver") else { return }
        if isOfFunction(driver), driver[name: "name"] ?? "vfio" == "vfio" { driver.remove() } else { drop("driver") }
    }

    /// Whether it is what libvirt's grammar calls a hostdev's driver, and not that of an emulated card.
    private func isOfFunction(_ driver: Element) -> Bool {
        driver.children.isEmpty
            && driver.attributes.allSatisfy { attribute in
                switch attribute.name {
                case "name": ["vfio", "kvm", "xen"].contains { Name($0) == Name(attribute.value) }
                default: ["model", "iommufd"].contains { Name($0) == Name(attribute.name) }
                }
            }
    }

    private mutating func drop(_ name: String) {
        for child in element.all(name) {
            dropped.append(describe(child))
            child.remove()
        }
    }

    private mutating func dropAttribute(_ name: String) {
        guard let value = element[attribute: name] else { return }
        dropped.append("\(name) \(value)" + (origins[Name(name)].map { " (\($0))" } ?? ""))
        element[attribute: name] = nil
    }

    /// `model virtio`, `target vnet3`, `bandwidth`, `mtu 9000 (network old)`.
    private func describe(_ child: Element) -> String {
        words(child) + (origins[Name(child.name)].map { " (\($0))" } ?? "")
    }

    private func words(_ child: Element) -> String {
        if child.name == "port", child[attribute: "isolated"] == "yes" { return "port isolated" }
        let values = child.attributes.map(\.value)
        return values.count == 1 ? "\(child.name) \(values[0])" : child.name
    }

    private func from(_ name: String) -> String { origins[Name(name)].map { " from \($0)" } ?? "" }
}
