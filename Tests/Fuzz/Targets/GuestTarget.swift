import Model
import Planning
import SRIOV
import TestSupport
import Text
import XML

/// A guest's document: read, bound to a pool, migrated, given settings. Only what has to change may change.
struct GuestTarget: FuzzTarget {
    private let mutation = MarkupMutation(seeds: FuzzInputs.seeds("guest"))

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        mutation.mutated(input, &generator)
    }

    func run(_ input: [UInt8]) throws -> Bool {
        guard let document = try? Document(parsing: input) else { return false }
        try DocumentEdits.check(document)
        let state = FuzzHost.state
        let functions = Set(state.pfs.flatMap { $0.functions.map(\.address) })
        guard let interfaces = try? GuestReader.interfaces(in: document, functions: functions) else { return false }
        try looksAtTheSame(input, interfaces, functions)
        try settings(document, interfaces)
        try plans(String(decoding: input, as: UTF8.self), interfaces, functions)
        return true
    }

    /// What is read of a part of a document is what is read of the whole.
    private func looksAtTheSame(
        _ input: [UInt8], _ interfaces: [GuestInterface], _ functions: Set<PCIAddress>
    ) throws {
        let text = String(decoding: input, as: UTF8.self)
        guard let part = try? Document(parsing: text, only: GuestReader.part) else {
            throw Broken("a part of it can't be read")
        }
        let found = try? GuestReader.interfaces(in: part, functions: functions)
        try require(found == interfaces, "a part of it has other interfaces")
    }

    /// Settings that are written are read again, and taken back they leave the document as it was.
    private func settings(_ document: Document, _ interfaces: [GuestInterface]) throws {
        guard document.root.name == "domain", let mac = interfaces.lazy.compactMap(\.mac).first else { return }
        let former = SettingsDocument.settings(ofGuest: document.root)[mac] ?? WantedSettings()
        let before = document.canonical()
        let edited = document.copy()
        var wanted = WantedSettings()
        (wanted[.trust], wanted[.maxRate]) = ("on", "100")
        _ = try FuzzHost.asked { try SettingsDocument.set(wanted, mac: mac, in: edited.root) }
        let again = try Document(parsing: edited.serialized())
        let found = SettingsDocument.settings(ofGuest: again.root)[mac]
        try require(found == wanted, "settings are read as \(String(describing: found)): \(edited.serialized())")
        // Of elements that say the same twice all but one are gone; words within the metadata are somebody's.
        guard former.isEmpty, former.unreadable.isEmpty, !before.contains(bytes: "urn:vfpool:1") else { return }
        _ = try FuzzHost.asked { try SettingsDocument.set(WantedSettings(), mac: mac, in: edited.root) }
        let hasMetadata = document.root.first("metadata") != nil
        try require(
            hasMetadata || edited.canonical().isSame(as: before),
            "settings were taken back: \(edited.canonical()) instead of \(before)")
    }

    // MARK: Plans

    private func state(_ text: String, _ interfaces: [GuestInterface]) -> State {
        var state = FuzzHost.state
        state.guests = [
            Guest(
                name: "guest", uuid: PretendHost.uuid(1), isActive: false, isPersistent: true, autostart: false,
                inactiveXML: text, interfaces: interfaces)
        ]
        return state
    }

    private func plans(_ text: String, _ interfaces: [GuestInterface], _ functions: Set<PCIAddress>) throws {
        let state = state(text, interfaces)
        let newMAC = MACAddress("52:54:00:fe:fe:fe")
        for interface in interfaces.prefix(3) {
            let request = BindRequest(
                guest: "guest", pool: "vfpool-eth3", interfaces: [String(interface.index)], newMAC: newMAC,
                drop: ["virtualport", "filterref", "bandwidth", "port"])
            let plan = try FuzzHost.asked { try BindPlanner.plan(state, request) }
            try check(plan, text, interfaces, functions, changed: [interface.index])
        }
        let request = MigrateRequest(guests: ["guest"], includesMacvtap: true)
        let migration = try FuzzHost.asked { try MigratePlanner.plan(state, request) { PretendHost.uuid(9) } }
        try check(migration?.plan, text, interfaces, functions, changed: interfaces.map(\.index))
        _ = try FuzzHost.asked { try ReconcilePlanner.plan(state) }
    }

    /// What the plan makes of the guest: MACs stay, other devices stay, and doing it again is to do nothing.
    private func check(
        _ plan: Plan?, _ text: String, _ interfaces: [GuestInterface], _ functions: Set<PCIAddress>, changed: [Int]
    ) throws {
        for case .defineGuest(let change) in plan?.steps ?? [] {
            try require(change.before?.isSame(as: text) ?? false, "the plan has another document before it")
            guard let after = change.after, let document = try? Document(parsing: after),
                let found = try? GuestReader.interfaces(in: document, functions: functions)
            else { throw Broken("what was planned can't be read: \(change.after ?? "")") }
            let macs = Set(found.compactMap(\.mac))
            for interface in interfaces {
                guard let mac = interface.mac else { continue }
                try require(macs.contains(mac), "the MAC \(mac) is gone: \(after)")
            }
            let others = try (devices(Document(parsing: text)), devices(document))
            try require(others.0 == others.1, "another device changed: \(others.0) and \(others.1)")
            let untouched = interfaces.filter { !changed.contains($0.index) }.map(\.attachment)
            for attachment in untouched {
                try require(found.contains { $0.attachment == attachment }, "another interface changed: \(after)")
            }
            let again = try FuzzHost.asked {
                try BindPlanner.plan(
                    state(after, found),
                    BindRequest(
                        guest: "guest", pool: "vfpool-eth3",
                        interfaces: found.filter { $0.attachment.isOn("vfpool-eth3") }.map { String($0.index) }))
            }
            let isChangedAgain = again?.steps.contains { $0.documentChange?.name == "guest" } ?? false
            try require(!isChangedAgain, "bound again, it changes again: \(after)")
        }
    }

    /// Devices that are no interfaces and hold no VF, as they are written.
    private func devices(_ document: Document) -> [String] {
        (document.root.first("devices")?.children ?? [])
            .filter { $0.namespaceURI != nil || !["interface", "hostdev"].contains($0.name) }.map { $0.canonical() }
    }
}

extension Attachment {
    fileprivate func isOn(_ pool: Name) -> Bool {
        if case .network(let name, _) = self { name == pool } else { false }
    }
}
