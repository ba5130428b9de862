import Journal
import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text
import XML

/// libvirt's own guests, through our editor.
@Suite(.enabled(if: Corpus.isThere, "the corpus is not there: run Tests/Corpus/fetch")) struct CorpusTests {
    private static let schemas = "/usr/share/libvirt/schemas"

    /// A guest of the corpus, as libvirt would hand it out.
    private struct Sample {
        let path: String
        let text: String
        let document: Document
    }

    private static func samples() -> [Sample] {
        Corpus.documents().compactMap { path in
            guard let text = Corpus.read(path), let document = try? Document(parsing: text),
                document.root.name == "domain", document.root.first("devices") != nil
            else { return nil }
            return Sample(path: path, text: text, document: document)
        }
    }

    /// Functions that an `<interface>` of the document fixes: what is surely a network card's.
    private static func pins(_ document: Document) throws -> [PCIAddress] {
        var seen: Set<PCIAddress> = []
        return try document.select("/domain/devices/interface[@type='hostdev']/source/address").compactMap {
            GuestReader.pciAddress($0)
        }.filter { seen.insert($0).inserted }
    }

    /// Plain hostdevs that are known to be network cards.
    private static let cards = ["net-virtio-teaming-hostdev"]

    /// A host with one guest, and one pool whose PF has these functions.
    private static func state(_ sample: Sample, _ functions: [PCIAddress]) throws -> State {
        let pf = PhysicalFunction(
            netdev: "eth3", address: try #require(PCIAddress("ffff:00:00.0")),
            permanentMAC: MACAddress("a0:36:9f:00:00:00"),
            enabledVFs: functions.count, isUp: true,
            functions: functions.enumerated().map { index, address in
                VirtualFunction(
                    index: index, address: address, settings: VFSettings(mac: MACAddress("52:54:00:fe:00:0\(index)")))
            })
        let guest = Guest(
            name: "guest", uuid: PretendHost.uuid(1), isActive: false, isPersistent: true, autostart: false,
            inactiveXML: sample.text,
            interfaces: try GuestReader.interfaces(in: sample.document, functions: Set(functions)))
        let mark = PoolMark([PFMark(device: "eth3", address: pf.address, mac: pf.permanentMAC)])
        let pool = """
            <network><name>pool</name><uuid>\(PretendHost.poolUUID)</uuid><metadata><p:pool xmlns:p='\(PoolMark.namespace)'>\
            <p:pf dev='eth3' address='\(pf.address)' mac='\(pf.permanentMAC?.description ?? "")'/></p:pool></metadata>\
            <forward mode='hostdev' managed='yes'><pf dev='eth3'/></forward></network>
            """
        let configuration = try #require(NetworkReader.configuration(in: Document(parsing: pool)))
        try #require(configuration.mark == mark)
        let network = NetworkState(
            name: "pool", uuid: PretendHost.poolUUID, isActive: false, isPersistent: true, autostart: false,
            inactiveXML: pool, configuration: configuration)
        return State(uri: PretendHost.uri, isLocal: true, networks: [network], guests: [guest], pfs: [pf])
    }

    private static func bind(_ state: State) throws -> Plan {
        try BindPlanner.plan(
            state,
            BindRequest(
                guest: "guest", pool: "pool", newMAC: MACAddress("52:54:00:fe:fe:fe"), drop: ["virtualport"]))
    }

    // MARK: Guests with a VF of the pool's PF

    @Test func bindsOnlyWhatIsPinned() throws {
        let schema = try Schema(file: Self.schemas + "/domain.rng")
        var bound = 0
        for sample in Self.samples() {
            let isCard = Self.cards.contains { sample.path.contains($0) }
            var functions = try Self.pins(sample.document)
            if isCard {
                functions += try sample.document.select("/domain/devices/hostdev").compactMap(
                    GuestReader.pinnedFunction)
            }
            guard !functions.isEmpty else { continue }
            let state = try Self.state(sample, functions)
            let plan: Plan
            do {
                plan = try Self.bind(state)
            } catch let failure as Failure {
                let isFiltered = sample.path.contains("net-hostdev-fail")
                #expect(isFiltered, "\(sample.path): \(failure)")
                continue
            }
            guard case .defineGuest(let change)? = plan.steps.first, let after = change.after else {
                Issue.record("\(sample.path): \(plan.words)")
                continue
            }
            bound += 1
            #expect(change.before == sample.text)
            try compare(sample, after, functions)
            if schema.problems(in: sample.document).isEmpty {
                #expect(schema.problems(in: try Document(parsing: after)).isEmpty, "\(sample.path)")
            }
            // Again: nothing to do, not even to the text.
            let second = Sample(path: sample.path, text: after, document: try Document(parsing: after))
            let again = try Self.bind(Self.state(second, functions))
            #expect(!again.steps.contains { $0.documentChange?.name == "guest" }, "\(sample.path)")
        }
        #expect(bound >= 14, "\(bound) guests were bound")
    }

    /// Everything but the pinned devices is the same text; they keep what a VF has.
    private func compare(_ sample: Sample, _ after: String, _ functions: [PCIAddress]) throws {
        let old = try Document(parsing: sample.text)
        let new = try Document(parsing: after)
        let devices = try (old.selectOne("/domain/devices").children, new.selectOne("/domain/devices").children)
        try #require(devices.0.count == devices.1.count, "\(sample.path)")
        for (before, now) in zip(devices.0, devices.1) {
            let pin =
                GuestReader.pinnedFunction(before)
                ?? before.first(path: ["source", "address"]).flatMap(GuestReader.pciAddress)
            let isTarget =
                pin.map(functions.contains) ?? false
                && (before[attribute: "type"] == "hostdev" || before.name == "hostdev")
            guard isTarget else {
                #expect(before.canonical() == now.canonical(), "\(sample.path)")
                continue
            }
            #expect(now.name == "interface" && now[attribute: "type"] == "network", "\(sample.path)")
            #expect(now.first("source")?[attribute: "network"] == "pool")
            for name in ["mac", "vlan", "virtualport", "teaming", "alias", "boot", "rom", "acpi", "address", "link"] {
                guard let child = before.first(name), child[attribute: "type"] != "802.1Qbg" else { continue }
                #expect(child.canonical() == now.first(name)?.canonical(), "\(sample.path): \(name)")
            }
            #expect(now.first("mac") != nil, "\(sample.path)")
            // The same mark in both, so that the rest can be compared as text.
            for element in [before, now] {
                let mark = try Document(parsing: "<mark/>").root
                element.replace(with: mark)
            }
        }
        #expect(old.serialized() == new.serialized(), "\(sample.path)")
    }

    /// Undone, the text is what it was.
    @Test func undoRestores() throws {
        var restored = 0
        for sample in Self.samples() where !sample.path.contains("net-hostdev-fail") {
            let functions = try Self.pins(sample.document)
            guard !functions.isEmpty else { continue }
            var state = try Self.state(sample, functions)
            let plan = try Self.bind(state)
            let folder = try TemporaryFolder()
            let journal = Journal(StateFolder(path: folder.path))
            let record = try journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri)
            for (number, step) in plan.steps.enumerated() {
                try record.starting(number)
                try record.finished(number, stored: step.documentChange?.after)
                guard let change = step.documentChange, let after = change.after else { continue }
                if change.name == "guest" {
                    state.guests[0].inactiveXML = after
                    state.guests[0].interfaces = try GuestReader.interfaces(
                        in: Document(parsing: after), functions: Set(functions))
                } else {
                    state.networks[0].inactiveXML = after
                    state.networks[0].configuration = NetworkReader.configuration(in: try Document(parsing: after))
                }
            }
            try record.complete(.done, failure: nil)
            let back = try UndoPlanner.plan(state, UndoPlanner.latest(in: journal, uri: PretendHost.uri), journal)
            let guest = try #require(back.steps.compactMap(\.documentChange).first { $0.name == "guest" })
            #expect(guest.after == sample.text, "\(sample.path)")
            restored += 1
        }
        #expect(restored >= 12, "\(restored) guests were restored")
    }

    // MARK: All the others

    /// Not one of the other guests is touched, whatever it passes through: graphics cards, mdevs, disks, s390 devices.
    @Test func leavesTheRest() throws {
        let elsewhere = (0..<8).compactMap { PCIAddress("fffe:7f:1f.\($0)") }
        var count = 0
        for sample in Self.samples() {
            let state = try Self.state(sample, elsewhere)
            count += 1
            #expect(state.guests[0].interfaces.allSatisfy { $0.path.contains("/interface[") }, "\(sample.path)")
            do {
                let plan = try BindPlanner.plan(state, BindRequest(guest: "guest"))
                // Without a VF of the PF, only an only interface can be meant.
                #expect(plan.isEmpty || state.guests[0].interfaces.count == 1, "\(sample.path): \(plan.words)")
                for case .defineGuest(let change) in plan.steps {
                    let now = try Document(parsing: change.after ?? "").selectOne("/domain/devices")
                    let before = try sample.document.selectOne("/domain/devices")
                    let others = { (devices: Element) in
                        devices.children.filter { $0.name != "interface" }.map { $0.canonical() }
                    }
                    #expect(others(before) == others(now), "\(sample.path)")
                }
            } catch let failure as Failure {
                let known: [Failure.Code] = [
                    .ambiguousInterface, .noSuchInterface, .cannotCarry, .vlanTrunk, .noMAC, .noSuchPool,
                    // One guest's MAC is all zero, which on a VF means that it has none.
                    .badMAC,
                ]
                // Some are there because they are wrong.
                let isKnown = known.contains(failure.code) || sample.path.contains("-invalid")
                #expect(isKnown, "\(sample.path): \(failure)")
            }
            #expect(try ReconcilePlanner.plan(state).isEmpty, "\(sample.path)")
        }
        #expect(count > 2000, "\(count) guests")
    }

    /// Devices that are passed through and are no network cards are no interfaces, even when a PF claims their address.
    @Test func neverConverts() throws {
        var seen = 0
        for sample in Self.samples() {
            for hostdev in try sample.document.select("/domain/devices/hostdev") {
                guard GuestReader.pinnedFunction(hostdev) == nil else { continue }
                seen += 1
                let addresses = try sample.document.select("//address").compactMap(GuestReader.pciAddress)
                let found = try GuestReader.interfaces(in: sample.document, functions: Set(addresses))
                let paths = try found.map { try sample.document.selectOne($0.path).canonical() }
                #expect(!paths.contains(hostdev.canonical()), "\(sample.path)")
            }
        }
        #expect(seen > 50, "\(seen) devices")
    }

    /// Hidden from its guest, a VF has no place there that an interface could take.
    @Test func unassigned() throws {
        let path = "hostdev-pci-address-unassigned.xml"
        guard let sample = Self.samples().first(where: { $0.path.hasSuffix(path) }) else {
            Issue.record("\(path) is gone")
            return
        }
        let functions = try sample.document.select("/domain/devices/hostdev").compactMap(GuestReader.pinnedFunction)
        let state = try Self.state(sample, functions)
        let hidden = try #require(PCIAddress("0005:90:01.1"))
        let interface = try #require(state.guests[0].interfaces.first { $0.attachment == .hostdev(hidden) })
        refused(.cannotCarry, hint: "virsh edit") {
            try BindPlanner.plan(
                state, BindRequest(guest: "guest", pool: "pool", interfaces: [String(interface.index)]))
        }
        // It is held all the same.
        #expect(state.claims[hidden].map(\.guestName) == ["guest"])
    }

    // MARK: Networks

    /// Every network is read, and only hostdev ones are pools.
    @Test func networks() throws {
        var pools = 0
        var others = 0
        for path in Corpus.documents() {
            guard let text = Corpus.read(path), let document = try? Document(parsing: text),
                document.root.name == "network"
            else { continue }
            let configuration = NetworkReader.configuration(in: document)
            let mode = document.root.first("forward")?[attribute: "mode"]
            #expect((configuration != nil) == (mode == "hostdev"), "\(path)")
            if configuration == nil { others += 1 } else { pools += 1 }
            #expect(configuration?.mark == nil)
        }
        #expect(pools >= 5 && others > 100, "\(pools) and \(others)")
    }
}
