import Model
import Planning
import SRIOV
import TestSupport
import Text

/// A host made by chance, and what happens to it.
struct RandomWorld {
    var random: SeededGenerator
    var world: JournalledHost
    /// What was done, for people.
    private(set) var history: [String] = []
    /// By guest: the MACs that its interfaces have for good.
    let macs: [Name: Set<MACAddress>]
    /// Functions that a running guest has through the pool and will have as a pin: exposed once it stops, until somebody
    /// reconciles. It is said when it is made, and can't be helped with libvirt.
    private(set) var exposed: Set<PCIAddress> = []

    init(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var pfs = [PretendPF("eth3", vfs: Int.random(in: 2...6, using: &random))]
        if random.once(in: 2) { pfs.append(PretendPF("eth4", bus: 4, vfs: Int.random(in: 1...4, using: &random))) }
        var host = try PretendHost(pfs)
        var free = host.pfs.flatMap { pf in pf.functions.map { (pf.netdev ?? "", $0.index) } }
        free.shuffle(using: &random)
        if random.once(in: 3), let (pf, index) = free.popLast(),
            let place = host.pfs.firstIndex(where: { $0.netdev == pf })
        {
            host.pfs[place].functions[index].hostUses = [.upper(kind: "bridge", name: "br7")]
        }
        var macs: [Name: Set<MACAddress>] = [:]
        for number in 1...Int.random(in: 2...6, using: &random) {
            var own: Set<MACAddress> = []
            var interfaces: [PretendNIC] = []
            for index in 0..<Int.random(in: 1...2, using: &random) {
                let mac = MACAddress(PretendHost.mac(number, index))
                if let mac { own.insert(mac) }
                guard !random.once(in: 3), let (pf, function) = free.popLast() else {
                    interfaces.append(.bridge("br0"))
                    continue
                }
                if random.once(in: 3), let place = host.pfs.firstIndex(where: { $0.netdev == pf }) {
                    interfaces.append(.hostdev(pf, function))
                    host.pfs[place].functions[function].settings = VFSettings(mac: mac)
                } else {
                    interfaces.append(.pin(pf, function))
                }
            }
            let running = random.once(in: 2)
            try host.addGuest(
                "vm\(number)", interfaces, running: running, persistent: !(running && random.once(in: 8)),
                autostart: random.once(in: 2))
            macs["vm\(number)"] = own
        }
        self.macs = macs
        self.random = random
        world = try JournalledHost(host)
    }

    /// Does one thing, by chance.
    ///
    /// - Returns: the plan that vfpool made and applied, if it was one of its commands and not refused.
    mutating func step() throws -> Plan? {
        let host = world.host
        let guest = random.pick(host.guests.values.map(\.name).sorted()) ?? "none"
        let pf = random.pick(host.pfs.compactMap(\.netdev)) ?? "eth3"
        let pool = random.pick(host.networks.keys.sorted())
        let live = (try? host.guest(guest).live) != nil && random.once(in: 2)
        switch Int.random(in: 0..<26, using: &random) {
        case 0, 1:
            let selection = random.once(in: 3) ? VFSelection(included: IndexSet([0, 1]), excluded: IndexSet()) : .all
            let others = host.pfs.compactMap(\.netdev).filter { $0 != pf }
            if !others.isEmpty, random.once(in: 2) {
                let order = random.once(in: 3) ? FunctionOrder.numa : .interleaved
                return try command("create \(pf) \(others[0])") { world in
                    try world.host.create(
                        pf, with: others, order: order, selection: selection,
                        uuid: PretendHost.uuids(world.host.state())())
                }
            }
            return try command("create \(pf)") { world in
                try world.host.create(pf, selection: selection, uuid: PretendHost.uuids(world.host.state())())
            }
        case 2, 3, 4:
            return try command("bind \(guest)\(live ? " --live" : "")") { world in
                try world.host.bind(guest, live: live)
            }
        case 5, 6:
            return try command("bind \(guest) --pool \(pool ?? "")\(live ? " --live" : "")") { world in
                try world.host.bind(guest, pool: pool, interfaces: ["0"], live: live)
            }
        case 7, 8:
            return try command("unbind \(guest)\(live ? " --live" : "")") { world in
                try world.unbindPlan(guest, live: live)
            }
        case 9:
            let index = Int.random(in: 0..<4, using: &random)
            return try command("unbind \(guest) --to-vf \(pf):\(index)\(live ? " --live" : "")") { world in
                try world.unbindPlan(guest, .function("\(pf):\(index)"), interfaces: ["0"], live: live)
            }
        case 10:
            return try command("unbind \(guest) --to-bridge\(live ? " --live" : "")") { world in
                try world.unbindPlan(guest, .bridge("br0"), live: live)
            }
        case 11:
            return try command("delete \(pool ?? "")") { world in
                try DeletePlanner.plan(world.host.state(), pool: pool ?? "none")
            }
        case 12: return try undo()
        case 13: return try command("reconcile") { world in try ReconcilePlanner.plan(world.host.state()) }
        case 14, 15, 16: note("start \(guest): \(outcome { host in try host.startGuest(guest) })")
        case 17, 18: note("stop \(guest): \(outcome { host in try host.stopGuest(guest) })")
        case 19, 20: return try migrate([])
        case 21: return try migrate([guest])
        case 22:
            let count = Int.random(in: 0...6, using: &random)
            return try command("resize \(pf) \(count)") { world in try world.host.resize(pf, count) }
        default:
            try world.host.reboot()
            exposed = []
            note("reboot")
        }
        return nil
    }

    private mutating func migrate(_ guests: [Name]) throws -> Plan? {
        let request = PretendHost.request(guests, creates: random.once(in: 2), live: random.once(in: 3))
        let words = "migrate \(guests.first ?? "--all")\(request.createsPools ? " --create-pools" : "")"
        return try command(words + (request.live ? " --live" : "")) { world in
            try world.host.migration(request).plan
        }
    }

    private mutating func undo() throws -> Plan? {
        guard let entry = try? UndoPlanner.latest(in: world.journal, uri: PretendHost.uri) else { return nil }
        return try command("undo \(entry.header.command.last ?? "")", undoes: entry.id) { world in
            try world.undoPlan(entry.id)
        }
    }

    private mutating func outcome(_ event: (inout PretendHost) throws -> Void) -> String {
        do {
            try event(&world.host)
            return "yes"
        } catch {
            return "no, \(error)"
        }
    }

    private mutating func note(_ text: String) {
        history.append(text)
        expose()
    }

    private mutating func expose() {
        guard let state = try? world.host.state() else { return }
        for guest in state.guests {
            for address in guest.interfaces.compactMap(\.attachment.pinnedAddress)
            where state.networks.contains(where: { network in
                network.guestPorts?.contains { $0.address == address && $0.ownerUUID == guest.uuid } ?? false
            }) {
                exposed.insert(address)
            }
        }
    }

    /// A refusal is fine, and changes nothing; a plan that can't be applied is not.
    private mutating func command(
        _ words: String, undoes: String? = nil, _ make: (JournalledHost) throws -> Plan
    ) throws -> Plan? {
        let plan: Plan
        do {
            plan = try make(world)
        } catch let failure as Failure {
            history.append("\(words): refused, \(failure.code.rawValue)")
            return nil
        }
        history.append("\(words): \(plan.words)")
        if plan.isEmpty { return plan }
        try world.apply(plan, undoes: undoes)
        exposed = []
        expose()
        return plan
    }
}
