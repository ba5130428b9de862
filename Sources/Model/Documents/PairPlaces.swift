import SRIOV
import Text
package import XML

/// Where QEMU wants the function of a pair in its guest, which libvirt does not say: at best the guest's log has it.
///
/// QEMU's `failover_pair_id` (4.2): on a PCI Express bus, alone in its slot; and, to be unplugged, at a PF. Elsewhere the
/// guest starts, and never sees the VF that it holds.
package struct PairPlaces {
    private let guest: Guest
    private let machine: String
    /// Models of the guest's PCI controllers by their index, which is the number of the bus; of a PF that lets nothing be
    /// unplugged, with that.
    private let buses: [Int: String]

    /// - Parameter document: the guest's, with whatever is planned.
    package init(_ guest: Guest, _ document: Document) throws(Failure) {
        self.guest = guest
        (machine, buses) = try readable("guest \(guest.name)") { () throws(XMLError) in
            let domain = try document.selectOne("//domain")
            var buses: [Int: String] = [:]
            for controller in domain.first("devices")?.all("controller") ?? []
            where controller[attribute: "type"] == "pci" {
                guard let index = controller[attribute: "index"].flatMap({ Int($0) }) else { continue }
                let isFixed = controller.first("target")?[attribute: "hotplug"] == "off"
                buses[index] = controller[attribute: "model"].map { isFixed ? "\($0) with hotplug off" : $0 }
            }
            return (domain.first(path: ["os", "type"])?[attribute: "machine"] ?? "", buses)
        }
    }

    /// - Throws: `cannot-carry`.
    package func check(_ half: Element, _ interface: GuestInterface) throws(Failure) {
        let subject = "interface \(interface.index) of guest \(guest.name)"
        guard isExpress else {
            throw Failure(
                .cannotCarry, "guest \(guest.name) has no PCI Express, which the VF of a pair needs",
                cause: "QEMU would hold the VF and never show it to the guest",
                hints: ["a pair needs the machine type q35; without one: leave out --failover"])
        }
        guard let place = half.first("address"), let address = GuestReader.pciAddress(place) else { return }
        let hint: Hint = "take its <address> out, and libvirt finds a place: `virsh edit \(shell: guest.word)`"
        guard address.function == 0, place[attribute: "multifunction"] != "on" else {
            throw Failure(
                .cannotCarry, "\(subject) shares its slot in the guest, and the VF of a pair has to have its own",
                hints: [hint])
        }
        guard let model = buses[Int(address.bus)], !Self.pfs.contains(model) else { return }
        throw Failure(
            .cannotCarry, "\(subject) stands on a bus of the guest from which it can't be unplugged (\(model))",
            cause: "a live migration unplugs the VF of a pair", hints: [hint])
    }

    /// Models of controllers that a device can be plugged into and unplugged from, one each.
    package static let pfs: Set = ["pcie-root-port", "pcie-switch-downstream-port"]

    private var isExpress: Bool {
        if buses.values.contains(where: { $0 == "pcie-root" }) { return true }
        if buses.values.contains(where: { $0 == "pci-root" }) { return false }
        return machine.contains(bytes: "q35") || !(machine == "pc" || machine.hasPrefix(bytes: "pc-"))
    }
}
