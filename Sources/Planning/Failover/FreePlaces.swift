import Model
import SRIOV
import XML

/// Places of a running guest where a device can be plugged: its PCI Express ports with nothing on them.
///
/// libvirt gives a device that is plugged without a place the first free one, which may be the one that another device of
/// the same change has just left and is to have again.
struct FreePlaces {
    private let guest: Guest
    /// Buses of the running guest.
    private let there: Set<Int>
    private var free: [Int]
    /// Where the running guest has devices that are none of its interfaces' by its document.
    private let foreign: Set<PCIAddress>

    /// - Throws: `guest-not-running`.
    init(_ edit: GuestEdit) throws(Failure) {
        guest = edit.guest
        guard let text = edit.guest.liveXML else {
            throw Failure(.guestNotRunning, "guest \(edit.guest.name) is not running any more")
        }
        let own = Set(edit.guest.interfaces.compactMap { edit.guest.live(for: $0)?.guestAddress })
        (there, free, foreign) = try readable("guest \(edit.guest.name)") { () throws(XMLError) in
            let live = try Document(parsing: text)
            let places = try Self.places(live)
            let used = Set(places.map { Int($0.bus) })
            let taken = used.union(try Self.places(edit.document).map { Int($0.bus) })
            let pfs = try live.select("//domain/devices/controller[@type='pci']")
                .filter { PairPlaces.pfs.contains($0[attribute: "model"] ?? "") }
                .filter { $0.first("target")?[attribute: "hotplug"] != "off" }
                .compactMap { $0[attribute: "index"].flatMap { Int($0) } }
            return (used.union(pfs), pfs.filter { !taken.contains($0) }.sorted(), places.subtracting(own))
        }
    }

    private static func places(_ document: Document) throws(XMLError) -> Set<PCIAddress> {
        Set(try document.select("//domain/devices/*/address[@type='pci']").compactMap(GuestReader.pciAddress))
    }

    /// Gives an element without a place one of its own; one that has a place keeps it.
    ///
    /// - Throws: `no-free-place`, also where the running guest has not got the PF that its document names, or has another
    ///   device there.
    mutating func place(_ element: Element) throws(Failure) {
        let known = element.first("address").flatMap(GuestReader.pciAddress)
        if let known, foreign.contains(known) {
            throw Failure(
                .noFreePlace, "guest \(guest.name) has another device where its document has the card, at \(known)",
                cause: "it was plugged into the running guest only",
                hints: ["leave out --live, and shut the guest down and start it; or unplug that device"])
        }
        if let known, there.contains(Int(known.bus)) { return }
        guard known == nil, let bus = free.first else {
            throw Failure(
                .noFreePlace, "guest \(guest.name) has no free PCI Express port to plug a second card into",
                cause: "a guest has as many ports as its document had when it was started",
                hints: ["leave out --live: its next start has one more"])
        }
        free.removeFirst()
        let address = element.addChild("address")
        address[attribute: "type"] = "pci"
        let place = PCIAddress(domain: 0, bus: UInt8(bus), slot: 0, function: 0)
        for (name, value) in place.attributes { address[attribute: name] = value }
    }
}
