import TestSupport

/// A host made by chance: PFs, and guests that have their VFs in every way. No PF has more takers than VFs, so all its
/// guests can always run at once.
struct SweepHost {
    /// One network interface of a guest, and the MAC it has for good.
    struct NIC {
        var mac: String
        var pf: String?
        var vf: Int?
        /// A plain hostdev: libvirt knows no MAC of it; it is set on the VF through its PF.
        var isPlain = false
    }

    struct Guest {
        var name: String
        var nics: [NIC]
    }

    /// How much of everything.
    struct Size {
        var guests: Int
        var running: Int
        var pfs: Int

        static let small = Size(guests: 10, running: 4, pfs: 2)
        static let large = Size(guests: 500, running: 24, pfs: 9)
    }

    private(set) var parts: [RigPart] = []
    private(set) var guests: [Guest] = []
    private(set) var pfs: [String] = []
    /// The VF that the host itself has.
    let hosts: String

    init(_ size: Size, _ random: inout SeededGenerator) {
        let vfs = size.guests / size.pfs + 3
        pfs = (0..<size.pfs).map { "eth\($0 + 3)" }
        var free = pfs.flatMap { pf in (0..<vfs).map { (pf, $0) } }
        hosts = "eth3 \(vfs - 1)"
        free.removeAll { $0.0 == "eth3" && $0.1 == vfs - 1 }
        free.shuffle(using: &random)
        var admin: [String: [Int: String]] = [:]
        var running = 0
        for number in 0..<size.guests {
            var nics: [NIC] = []
            var attached: [RigNIC] = []
            for index in 0...(random.once(in: 4) ? 1 : 0) {
                let mac = Self.mac(number, index)
                guard !random.once(in: 6), let (pf, vf) = free.popLast() else {
                    nics.append(NIC(mac: mac))
                    attached.append(.bridge("br0", mac: mac))
                    continue
                }
                let isPlain = random.once(in: 3)
                nics.append(NIC(mac: mac, pf: pf, vf: vf, isPlain: isPlain))
                let vlan = random.once(in: 4) ? "<vlan><tag id='\(number % 4000 + 1)'/></vlan>" : ""
                attached.append(isPlain ? .hostdev(pf, vf) : .pinned(pf, vf, mac: mac, inside: vlan))
                if isPlain { admin[pf, default: [:]][vf] = mac }
            }
            let runs = running < size.running && random.once(in: 3)
            running += runs ? 1 : 0
            guests.append(Guest(name: "vm\(number)", nics: nics))
            let starts = random.once(in: max(5, size.guests / size.running))
            parts.append(Self.guest("vm\(number)", attached, running: runs, autostart: starts))
        }
        let described = pfs.map { pf in
            RigPart.pf(
                pf, vfs: vfs, total: max(63, vfs), adminMACs: admin[pf] ?? [:],
                uses: pf == "eth3" ? [.bridge(vf: vfs - 1, "br0")] : [])
        }
        parts = described + parts
    }

    /// What a unit of the administrator's does at boot, for VFs whose MAC is in no document: `ip link set …`. Nothing for
    /// those that no plain hostdev has any more.
    func bootScript(_ state: RigState) -> String {
        guests.flatMap { guest in
            guest.nics.compactMap { nic in
                guard nic.isPlain, let pf = nic.pf, let vf = nic.vf,
                    let address = state.pf(pf)?.vfs.first(where: { $0.index == vf })?.address,
                    state.guest(guest.name)?.config.contains(where: { $0.attached == "hostdev" && $0.vf == address })
                        ?? false
                else { return nil }
                return "ip link set \(pf) vf \(vf) mac \(nic.mac)"
            }
        }.joined(separator: "\n")
    }

    private static func guest(_ name: String, _ nics: [RigNIC], running: Bool, autostart: Bool) -> RigPart {
        nics.count == 1
            ? .guest(name, nics[0], running: running, autostart: autostart)
            : .guest(name, nics[0], nics[1], running: running, autostart: autostart)
    }

    private static func mac(_ guest: Int, _ index: Int) -> String {
        "52:54:0\(index):00:" + twoDigits(guest >> 8) + ":" + twoDigits(guest & 255)
    }

    private static func twoDigits(_ number: Int) -> String {
        (number < 16 ? "0" : "") + String(number, radix: 16)
    }
}
