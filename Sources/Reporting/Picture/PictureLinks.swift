import Model
import Text

/// The lines from VFs and pools to guests, from what each guest has now and gets at its next start.
struct PictureLinks {
    /// By the VF's PCI address.
    private(set) var ofVF: [Name: [Picture.Link]] = [:]
    /// Of any VF of a pool, at the next start.
    private(set) var ofPool: [Name: [Picture.Link]] = [:]
    /// Of a VF of a pool, but which one is not known.
    private(set) var ofSomeVF: [Name: [Picture.Link]] = [:]
    private(set) var guests: [Name: Picture.Person] = [:]
    private let pools: [Name: PoolReport]

    init(_ report: Report, _ marks: PictureMarks) {
        pools = Dictionary(report.pools.map { ($0.name, $0) }) { first, _ in first }
        for guest in report.guests {
            let key = Name(guest.uuid)
            guests[key] = Picture.Person(
                name: guest.name, isActive: guest.isActive, startsAtBoot: guest.autostart, pfs: [],
                mark: marks[.guest(guest.name)])
            for interface in guest.interfaces { add(interface, of: guest, key) }
        }
        // What the documents do not say: a holder that can't be seen, a VF that only its network port names.
        for function in report.pfs.flatMap(\.functions) + report.pools.flatMap(\.functions) { add(function, marks) }
        for (pool, links) in ofSomeVF {
            let addresses = pools[pool]?.functions.map(\.address) ?? []
            let known = Set(addresses.flatMap { ofVF[Name($0)] ?? [] }.filter { !$0.isNext }.map(\.guest))
            ofSomeVF[pool] = links.filter { !known.contains($0.guest) }
        }
    }

    private mutating func add(_ interface: InterfaceReport, of guest: GuestReport, _ key: Name) {
        if let live = interface.live, live.isAboutFunctions {
            let link = link(interface, live, key, isNext: false)
            if let address = live.address {
                ofVF[Name(address), default: []].append(link)
            } else if let name = live.name {
                ofSomeVF[name, default: []].append(link)
            }
        }
        guard let next = interface.next, next.isAboutFunctions, interface.isPending || !guest.isActive else { return }
        let link = link(interface, next, key, isNext: true)
        if let address = next.address {
            if ofVF[Name(address)]?.contains(where: { $0.guest == key }) ?? false { return }
            ofVF[Name(address), default: []].append(link)
        } else if let name = next.name {
            ofPool[name, default: []].append(link)
        }
    }

    private func link(
        _ interface: InterfaceReport, _ connection: ConnectionReport, _ key: Name, isNext: Bool
    ) -> Picture.Link {
        let pool = connection.name.flatMap { pools[$0] }
        let group = connection.portgroup ?? (isNext ? nil : interface.next?.portgroup)
        let ofGroup = pool?.portgroups.first { group == nil ? $0.isDefault : $0.name == group }?.vlan
        let own = isNext ? interface.vlan : interface.liveVLAN ?? interface.vlan
        return Picture.Link(guest: key, isNext: isNext, mac: interface.mac, portgroup: group, vlan: own ?? ofGroup)
    }

    private mutating func add(_ function: FunctionReport, _ marks: PictureMarks) {
        let isNext: Bool
        switch function.use {
        case .taken, .outside: isNext = false
        case .reserved: isNext = true
        case .free, .later, .host, .unknown: return
        }
        guard let name = function.guest else { return }
        let key = Name(function.guestUUID ?? name.string)
        let address = Name(function.address)
        if ofVF[address]?.contains(where: { $0.guest == key }) ?? false { return }
        if guests[key] == nil {
            guests[key] = Picture.Person(
                name: name, isActive: nil, startsAtBoot: false, pfs: [], mark: marks[.guest(name)])
        }
        ofVF[address, default: []].append(
            Picture.Link(
                guest: key, isNext: isNext, mac: function.mac.value, portgroup: nil, vlan: function.vlan.value))
    }

    /// Where a guest's lines lead.
    mutating func note(_ pf: Picture.PF) {
        for key in pf.groups.flatMap(\.rows).flatMap(\.links).map(\.guest).deduplicated {
            guests[key]?.pfs.append(pf.title)
        }
    }
}
