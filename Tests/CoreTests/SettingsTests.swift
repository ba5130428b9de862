import Model
import SRIOV
import TestSupport
import Testing
import Text
import XML

extension SettingsRequest {
    /// `trust=on max-rate=100 spoof-check=default`, with a driver that takes it all.
    static func of(
        _ text: String, hook: Bool? = true
    ) -> SettingsRequest {
        var change = SettingsChange()
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=").map(String.init)
            guard parts.count == 2, let name = WantedSettings.Name(rawValue: parts[0]) else { continue }
            if parts[1] == "default" { change.removed.insert(name) } else { change.wanted[name] = parts[1] }
        }
        return SettingsRequest(change, hookIsInstalled: hook)
    }
}

@Suite struct SettingsTests {
    private func wanted(_ host: PretendHost, _ guest: Name, _ interface: Int = 0) throws -> String {
        let state = try host.state()
        return try state.wanted(state.guest(named: guest).interfaces[interface]).summary
    }

    private func metadata(_ text: String) throws -> String? {
        try Document(parsing: text).root.first("metadata")?.canonical()
    }

    // MARK: Words

    @Test func words() {
        for (name, good, bad) in [
            (WantedSettings.Name.trust, ["on", "off"], ["yes", "On", "1", "", " on"]),
            (.maxRate, ["0", "100", "4294967295"], ["-1", "4294967296", "1e3", "+5", "1.5", "١", ""]),
            (.linkState, ["auto", "enable", "disable"], ["up", "Auto"]),
            (.vlanQoS, ["0", "7"], ["8", "-1"]), (.vlanProtocol, ["802.1Q", "802.1ad"], ["802.1q", "8021ad"]),
        ] {
            for text in good {
                var settings = WantedSettings()
                settings[name] = text
                #expect(settings[name] == text && settings.names == [name])
                settings[name] = nil
                #expect(settings.isEmpty)
            }
            for text in bad { #expect(!WantedSettings.accepts(text, for: name), "\(name) \(text)") }
        }
        let change = SettingsRequest.of("trust=on max-rate=default").change
        #expect(change.summary == "trust on, max-rate default")
        let row = VFSettings(trust: true, linkState: .auto, maxRate: 100)
        #expect(WantedSettings.Name.allCases.map { row[$0] } == ["on", nil, "100", "0", "auto", "0", "802.1Q"])
    }

    // MARK: Where they are kept

    /// A pool, a portgroup and an interface; each word found where it is said last.
    @Test func precedence() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        let groups = [
            Portgroup(name: "lan", vlan: 5, isDefault: true), Portgroup(name: "dmz", vlan: nil, isDefault: false),
        ]
        try host.apply(host.create("eth3", portgroups: groups, settings: .of("trust=off max-rate=100")))
        try host.addGuest("vm1", [.network("vfpool-eth3"), .network("vfpool-eth3", portgroup: "dmz")])
        try host.addGuest("vm2", [.bridge("br0")])
        #expect(try wanted(host, "vm1") == "trust off, max-rate 100")
        try host.apply(host.set("vfpool-eth3:lan", .of("max-rate=200 spoof-check=on")))
        #expect(try wanted(host, "vm1") == "trust off, spoof-check on, max-rate 200")
        #expect(try wanted(host, "vm1", 1) == "trust off, max-rate 100")
        let mac = try #require(host.state().guest(named: "vm1").interfaces[0].mac)
        try host.apply(host.set("vm1", interfaces: ["\(mac)"], .of("trust=on link-state=enable")))
        #expect(try wanted(host, "vm1") == "trust on, spoof-check on, max-rate 200, link-state enable")
        #expect(try wanted(host, "vm1", 1) == "trust off, max-rate 100")
        try host.apply(host.set("vm1", .of("max-rate=0")))
        #expect(try wanted(host, "vm1", 1) == "trust off, max-rate 0")
        #expect(try wanted(host, "vm2").isEmpty)
        // No longer said, the more general word counts again.
        try host.apply(host.set("vm1", .of("trust=default max-rate=default")))
        #expect(try wanted(host, "vm1") == "trust off, spoof-check on, max-rate 200, link-state enable")
        // The same again, and what was never said.
        #expect(try host.set("vm1", .of("trust=default")).isEmpty)
        #expect(try host.set("vfpool-eth3", .of("trust=off")).isEmpty)
        try host.apply(host.set("vm1", interfaces: ["0"], .of("link-state=default")))
        #expect(try metadata(host.state().guest(named: "vm1").inactiveXML) == nil, "nothing is left of it")
    }

    /// Either may have a colon in its name.
    @Test func portgroupsWithColons() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        let groups = ["a:b", "b"].map { Portgroup(name: $0, vlan: nil, isDefault: false) }
        try host.apply(host.create("eth3", name: "x:y", portgroups: groups))
        try host.apply(host.set("x:y:a:b", .of("trust=on")))
        try host.apply(host.set("x:y:b", .of("trust=off")))
        let wanted = try #require(host.state().network("x:y")?.configuration?.wanted)
        #expect(wanted.portgroups.mapValues(\.summary) == ["a:b": "trust on", "b": "trust off"])
        refused(.noSuchPool) { try host.set("z:y:b", .of("trust=on")) }
    }

    /// What others keep in metadata, and vfpool's own mark, stay as they are.
    @Test func foreignMetadata() throws {
        var host = try PretendHost.pooled()
        let foreign = "<x:a xmlns:x=\"urn:x\" b=\"1\"><x:guest/><!-- c --></x:a>"
        try host.addGuest("vm1", [.network("vfpool-eth3")])
        let text = try host.state().guest(named: "vm1").inactiveXML
        try host.defineGuest(
            text.replacing(
                "</name>", with: "</name><title>t</title><metadata>\(foreign)</metadata>", maxReplacements: 1))
        let before = try host.state()
        try host.apply(host.set("vm1", .of("trust=on min-rate=3")))
        try host.apply(host.set("vfpool-eth3", .of("max-rate=100")))
        let after = try host.state()
        let guest = try #require(try metadata(after.guest(named: "vm1").inactiveXML))
        #expect(guest.contains("<x:a xmlns:x=\"urn:x\" b=\"1\">") && guest.contains("<!-- c -->"))
        #expect(guest.contains("xmlns:vfpool=\"urn:vfpool:1\"") && guest.contains("trust=\"on\" min-rate=\"3\""))
        let pool = try #require(after.network("vfpool-eth3"))
        #expect(pool.configuration?.mark == before.network("vfpool-eth3")?.configuration?.mark)
        #expect(pool.inactiveXML.contains("max-rate=\"100\"") && !pool.inactiveXML.contains("trust="))
        #expect(try host.create("eth3").isEmpty, "the settings are no other pool")
        try host.apply(host.set("vm1", .of("trust=default min-rate=default")))
        try host.apply(host.set("vfpool-eth3", .of("max-rate=default")))
        #expect(try host.state().network("vfpool-eth3")?.inactiveXML == before.network("vfpool-eth3")?.inactiveXML)
        #expect(
            try metadata(host.state().guest(named: "vm1").inactiveXML)
                == metadata(before.guest(named: "vm1").inactiveXML))
    }

    /// What somebody wrote by hand and can't be understood is neither dropped nor taken for nothing.
    @Test func unreadable() throws {
        var host = try PretendHost.pooled()
        try host.apply(host.set("vfpool-eth3", .of("trust=on max-rate=5")))
        let text = try #require(try host.state().network("vfpool-eth3")?.inactiveXML)
        try host.defineNetwork(text.replacing("trust=\"on\"", with: "trust=\"maybe\""))
        let wanted = try #require(try host.state().network("vfpool-eth3")?.configuration?.wanted.general)
        #expect(wanted.unreadable == ["trust=\"maybe\""] && wanted.summary == "max-rate 5")
        try host.apply(host.set("vfpool-eth3", .of("max-rate=7")))
        #expect(try host.state().network("vfpool-eth3")?.inactiveXML.contains("trust=\"maybe\"") == true)
        try host.apply(host.set("vfpool-eth3", .of("trust=off")))
        #expect(
            try host.state().network("vfpool-eth3")?.configuration?.wanted.general.summary == "trust off, max-rate 7")
    }

    /// Somebody wrote the same element twice: the last counts, is what is changed, and one is left.
    @Test func saidTwice() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm1", [.network("vfpool-eth3")])
        try host.apply(host.set("vfpool-eth3", .of("trust=on")))
        try host.apply(host.set("vm1", .of("max-rate=5")))
        func double(_ text: String, _ element: String) -> String { text.replacing(element, with: element + element) }
        func doubled() throws -> PretendHost {
            var host = host
            let state = try host.state()
            let network = try #require(state.network("vfpool-eth3")).inactiveXML
            try host.defineNetwork(double(network, "<vfpool:settings trust=\"on\"/>"))
            let guest = try state.guest(named: "vm1").inactiveXML
            let element = try #require(guest.split(separator: "<vfpool:settings ").last?.split(separator: "/>").first)
            try host.defineGuest(double(guest, "<vfpool:settings \(element)/>"))
            return host
        }
        for (target, other, gone) in [
            ("vfpool-eth3", "trust=off", "trust=default"), ("vm1", "max-rate=7", "max-rate=default"),
        ] {
            var host = try doubled()
            try host.apply(host.set(Name(target), .of(other)))
            #expect(try host.set(Name(target), .of(other)).isEmpty, "\(target) has \(other) by now")
            try host.apply(host.set(Name(target), .of(gone)))
            #expect(try host.set(Name(target), .of(gone)).isEmpty, "\(target) has none by now")
        }
    }

    // MARK: Commands

    @Test func bindAndUnbind() throws {
        var world = try JournalledHost(PretendHost.pooled())
        try world.host.addGuest("vm1", [.bridge("br0")])
        let first = try world.host.state().guest(named: "vm1").inactiveXML
        let plan = try world.host.bind("vm1", settings: .of("trust=on"))
        #expect(plan.words.first == "define vm1" && plan.items[0].detail?.contains("trust on") == true)
        try world.apply(plan)
        #expect(try wanted(world.host, "vm1") == "trust on")
        // Bound already: only what is wanted changes, and then nothing.
        try world.apply(world.host.bind("vm1", settings: .of("trust=on max-rate=9")))
        #expect(try wanted(world.host, "vm1") == "trust on, max-rate 9")
        #expect(try world.host.bind("vm1", settings: .of("trust=on max-rate=9")).isEmpty)
        try world.undo()
        #expect(try wanted(world.host, "vm1") == "trust on")
        try world.apply(world.unbindPlan("vm1"))
        #expect(try world.host.state().guest(named: "vm1").inactiveXML == first)
        try world.undo()
        #expect(try wanted(world.host, "vm1") == "trust on")
        try world.apply(world.unbindPlan("vm1", .bridge("br1")))
        #expect(try metadata(world.host.state().guest(named: "vm1").inactiveXML) == nil)
        try world.apply(
            world.host.bind(
                "vm1", pool: "vfpool-eth3", adds: true, mac: "52:54:00:aa:bb:cc", settings: .of("spoof-check=off")))
        #expect(try wanted(world.host, "vm1", 1) == "spoof-check off")
    }

    @Test func undone() throws {
        var world = try JournalledHost(PretendHost.pooled())
        try world.host.addGuest("vm1", [.network("vfpool-eth3")], running: true)
        let before = world.host
        for target: Name in ["vfpool-eth3", "vm1"] {
            let plan = try world.host.set(target, .of("trust=on"))
            #expect(plan.notes.last == "guest vm1 is running: this takes effect when shut down and started again")
            try world.apply(plan)
            #expect(try wanted(world.host, "vm1") == "trust on")
            try world.undo()
            #expect(Difference.between(before, world.host).isEmpty, "\(target)")
        }
    }

    /// Its next start has another document, in which they are not.
    @Test func ofASavedGuest() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm1", [.network("vfpool-eth3")])
        host.saved = Set(host.guests.keys)
        #expect(try host.set("vm1", .of("trust=on")).warnings.map(\.code) == [.savedState])
        host.pfs[0].isSwitchdev = true
        #expect(try host.set("vm1", .of("trust=on")).warnings.map(\.code) == [.eswitchMode, .savedState])
        #expect(try host.set("vfpool-eth3", .of("trust=on")).warnings.map(\.code) == [.eswitchMode])
        #expect(try host.set("vfpool-eth3", .of("max-rate=10")).warnings.isEmpty)
    }

    @Test func created() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 2), PretendPF("eth4", bus: 4, vfs: 2)])
        try host.apply(host.create("eth3", settings: .of("trust=on")))
        #expect(try host.create("eth3", settings: .of("trust=on")).isEmpty)
        refused(.poolDiffers, hint: "vfpool set") { try host.create("eth3", settings: .of("trust=off")) }
        try host.addPoolByHand("hand", pf: "eth4")
        try host.apply(host.create("eth4", name: "hand", adopt: true, settings: .of("max-rate=10")))
        #expect(try host.pool("hand").configuration?.wanted.general.summary == "max-rate 10")
    }

    // MARK: Refusals

    @Test func refusals() throws {
        var host = try PretendHost.pooled()
        try host.addPoolByHand("hand", pf: "eth3", active: false)
        try host.addGuest("vm1", [.network("vfpool-eth3"), .bridge("br0")])
        try host.addGuest("vm2", [.bridge("br0")])
        refused(.badSettings, hint: "--vlan") { try host.set("vm1", .of("vlan-qos=3")) }
        let untagged = try host.set("vfpool-eth3", .of("vlan-protocol=802.1ad"))
        #expect(untagged.notes.count == 2 && untagged.notes[1].contains("has no VLAN"), "\(untagged.notes)")
        let tagged = try host.bind("vm1", interfaces: ["0"], vlan: 7, settings: .of("vlan-qos=3"))
        #expect(tagged.notes.count == 1 && tagged.notes[0].contains("is tried first"), "\(tagged.notes)")
        refused(.noSuchPool) { try host.set("nix", .of("trust=on")) }
        refused(.notManaged, hint: "--adopt") { try host.set("hand", .of("trust=on")) }
        refused(.noSuchPortgroup) { try host.set("vfpool-eth3:nix", .of("trust=on")) }
        refused(.notBound, hint: "vfpool bind vm2") { try host.set("vm2", .of("trust=on")) }
        refused(.notBound) { try host.set("vm1", interfaces: ["1"], .of("trust=on")) }
        refused(.noSuchInterface) { try host.set("vm1", interfaces: ["7"], .of("trust=on")) }
        refused(.noSuchGuest) { try host.set("vfpool-eth3", interfaces: ["0"], .of("trust=on")) }
        refused(.badSettings, hint: "--max-rate") { try host.set("vm1", .of("min-rate=20 max-rate=10")) }
        try host.apply(host.set("vfpool-eth3", .of("max-rate=10")))
        refused(.badSettings) { try host.set("vm1", .of("min-rate=20")) }
        #expect(try !host.set("vm1", .of("min-rate=20 max-rate=0")).isEmpty)
        try host.addGuest("vfpool-eth3", [.network("vfpool-eth3")])
        refused(.usage, hint: "UUID") { try host.set("vfpool-eth3", .of("trust=on")) }
    }

    /// A driver's refusal comes before anything is changed; what is not known is said.
    @Test func driver() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 2)])
        try host.apply(host.create("eth3"))
        try host.addGuest("vm1", [.network("vfpool-eth3")])
        let answer = DriverAnswer(refused: [.maxRate: "Operation not supported"])
        let plans = try [
            host.set("vfpool-eth3", .of("max-rate=5")), host.set("vm1", .of("max-rate=5")),
            host.bind("vm1", settings: .of("max-rate=5")),
            host.create("eth4", settings: .of("max-rate=5")),
        ]
        for plan in plans {
            let trial = try #require(plan.trials.first)
            #expect(plan.trials.count == 1 && trial.wanted.summary == "max-rate 5")
            #expect(
                plan.notes.contains { $0.contains("is tried first, on VF \(trial.function.index), which is free") })
            refused(.settingRefused, hint: "--max-rate") {
                try trial.check(answer)
                return plan
            }
            try trial.check(DriverAnswer())
        }
        // Settings that are as they are wanted are not tried again, and what is removed is not tried.
        #expect(try host.set("vm1", .of("max-rate=default")).isEmpty)
        var full = host
        for index in full.pfs[0].functions.indices { full.pfs[0].functions[index].hostUses = [.otherNamespace] }
        let plan = try full.set("vm1", .of("max-rate=5"))
        #expect(plan.trials.isEmpty && plan.notes.count == 1 && plan.notes[0].contains("no VF is free"))
        // The kernel's table tells of two.
        for index in host.pfs[0].functions.indices {
            host.pfs[0].functions[index].settings = VFSettings(trust: false)
        }
        refused(.settingRefused, hint: "--spoof-check") { try host.set("vm1", .of("spoof-check=on")) }
        #expect(try !host.set("vm1", .of("trust=on")).isEmpty)
    }

    @Test func hookIsMissing() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm1", [.network("vfpool-eth3")])
        let other = try PretendHost([PretendPF("eth4", bus: 4, vfs: 2)])
        let plans = try [false, nil].flatMap { hook in
            try [
                host.set("vm1", .of("trust=on", hook: hook)), host.set("vfpool-eth3", .of("trust=on", hook: hook)),
                host.bind("vm1", settings: .of("trust=on", hook: hook)),
                other.create("eth4", settings: .of("trust=on", hook: hook)),
            ]
        }
        #expect(plans.allSatisfy { $0.warnings.map(\.code) == [.noHook] }, "\(plans.map(\.warnings))")
        #expect(try host.set("vm1", .of("trust=default", hook: false)).warnings.isEmpty)
    }

    // MARK: What a driver is told

    @Test func steps() {
        func steps(_ text: String, _ now: VFSettings, vlan: Int? = nil) -> [VFChange] {
            SettingsRequest.of(text).change.wanted.steps(now: now, vlan: vlan).map(\.change)
        }
        let now = VFSettings(trust: false, spoofCheck: true, linkState: .auto, maxRate: 10)
        #expect(steps("trust=off spoof-check=on max-rate=10 min-rate=0 link-state=auto", now).isEmpty)
        #expect(steps("trust=on max-rate=20", now) == [.trust(true), .rate(min: 0, max: 20)])
        #expect(steps("min-rate=5", now) == [.rate(min: 5, max: 10)])
        #expect(steps("min-rate=5 max-rate=0", now) == [.rate(min: 5, max: 0)])
        #expect(steps("vlan-qos=3", now).isEmpty, "without a VLAN")
        #expect(steps("vlan-qos=3", now, vlan: 7) == [.vlan(7, qos: 3, .customer)])
        #expect(steps("vlan-protocol=802.1ad", now, vlan: 7) == [.vlan(7, qos: 0, .provider)])
        #expect(steps("trust=on", VFSettings()) == [.trust(true)])
        // And back.
        let changed = VFSettings(trust: true, spoofCheck: true, linkState: .auto, maxRate: 20, minRate: 3)
        let back = WantedSettings(now, only: [.trust, .maxRate, .minRate, .linkState])
        #expect(back.steps(now: changed, vlan: nil).map(\.change) == [.trust(false), .rate(min: 0, max: 10)])
    }
}
