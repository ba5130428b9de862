import Applying
import ArgumentParser
import FoundationEssentials
import Journal
import Model
import Planning
import Reading
import Text

struct Migrate: ChangeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn guests' pinned VFs into pool interfaces",
        discussion: """
            Finds every VF that a guest has pinned, as a hostdev interface, a plain hostdev or a macvtap, and points \
            that interface at the pool of the VF's PF. The guest keeps its MAC, the NIC's PCI address and everything \
            else that a VF can provide. A running guest keeps its VF until it stops, and the pool does not hand that \
            VF out; with --live the guest moves now.

            Each guest is migrated completely or not at all. If a migration stops part-way, the guests migrated so far \
            stay migrated: continue with --resume, or take it all back with `vfpool undo`. With --all or --pf, a guest \
            that can't be migrated is left out, with the reason; if it was named, it is an error.

            Examples:
              What would change, for every guest:
                $ vfpool migrate --all --create-pools --dry-run
              Two guests:
                $ vfpool migrate vm1 vm2
              Every guest with a VF of one PF:
                $ vfpool migrate --pf eth3
              A plain hostdev whose MAC vfpool can't find:
                $ vfpool migrate vm3 --mac vm3:0000:03:10.4=52:54:00:6d:90:02
            """)

    @Argument(help: ArgumentHelp("The guests.", valueName: "guest"), completion: Completion.guests)
    var guests: [Name] = []

    @Flag(help: "Every guest of the host.")
    var all = false

    @Option(
        help: ArgumentHelp("Only VFs of this PF, by netdev, PCI address or MAC.", valueName: "pf"),
        completion: Completion.pfs)
    var pf: String?

    @Option(
        name: .customLong("except"), help: ArgumentHelp("Leave this guest out; repeatable.", valueName: "guest"),
        completion: Completion.guests)
    var except: [Name] = []

    @Flag(help: "Create the pools that are missing, and take over those made by hand, in the same plan.")
    var createPools = false

    @Flag(help: "Convert macvtaps over a VF, too: the guest then sees another kind of NIC.")
    var includeMacvtap = false

    @Option(help: ArgumentHelp("The MAC of a plain hostdev; repeatable.", valueName: "guest:address=mac"))
    var mac: [GuestMACArgument] = []

    @Flag(help: "Move running guests now, one after the other, by hot-unplug and hot-plug.")
    var live = false

    @Option(
        help: ArgumentHelp("With --live: how long to wait for a guest to release its device.", valueName: "seconds"))
    var wait = SecondsArgument(20)

    @Option(help: DropArgument.forPool)
    var drop: [DropArgument] = []

    @Flag(help: "Continue the last migration that stopped part-way.")
    var resume = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// What is resumed may have been live.
    var isLive: Bool { live || resume }
    var editsGuests: Bool { true }

    func validate() throws {
        if resume {
            let isAlone =
                guests.isEmpty && !all && pf == nil && except.isEmpty && !createPools && !includeMacvtap && mac.isEmpty
                && !live && drop.isEmpty
            guard isAlone else { throw ValidationError("--resume goes on as it was begun: nothing else goes with it") }
            return
        }
        if guests.isEmpty, !all, pf == nil { throw ValidationError("name guests, or --all, or a PF with --pf") }
        if all, !guests.isEmpty { throw ValidationError("--all means every guest, so none is named") }
        if !except.isEmpty, !guests.isEmpty { throw ValidationError("--except goes with --all or --pf") }
    }

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        if resume { return try resumed(host, state, journal) }
        let request = MigrateRequest(
            guests: guests.deduplicated, except: except.deduplicated,
            pf: try pf.map { (name) throws(Failure) in try host.pfAddress(name, in: state) },
            createsPools: createPools, includesMacvtap: includeMacvtap, macs: mac.map(\.given),
            drop: drop.flatMap(\.names), live: live, patience: wait.value)
        let migration = try MigratePlanner.plan(
            try host.completed(state) { MigratePlanner.guestsToAsk($0, request) }, request, workers: Threads(),
            uuid: Self.newUUID)
        return proposal(migration, try request.settled(in: state))
    }

    private func resumed(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        let resumption = try Resumption(journal, uri: host.uri)
        let request = resumption.request
        let migration = try resumption.plan(
            try host.completed(state) { MigratePlanner.guestsToAsk($0, request) }, journal, workers: Threads(),
            uuid: Self.newUUID)
        var proposal = proposal(migration, request)
        proposal.origin.resumes = resumption.entry.id
        return proposal
    }

    private static func newUUID() -> String { UUID().uuidString.asciiLowercased }

    private func proposal(_ migration: Migration, _ request: MigrateRequest) -> Proposal<ChangeWords> {
        var proposal = Proposal(plan: migration.plan, summary: [MigrationView.summary(migration)])
        proposal.words.migration = migration
        proposal.origin.migration = request
        if migration.plan.cutsLink {
            proposal.words.question = "This cuts running guests' links for a moment, one after the other"
        } else if request.isSweep, migration.plan.items.contains(where: { !$0.isUpkeep }) {
            let count = Set(migration.rows.map(\.guest)).count
            proposal.words.question = count > 0 ? "This changes \(Words.count(count, "guest"))" : "This changes pools"
        }
        let unsettled = migration.rows.contains { $0.effect == .nextStart }
        if unsettled {
            proposal.words.hints.append("when they have stopped, their old VFs join the pool by `vfpool reconcile`")
        }
        return proposal
    }
}

/// `GUEST:ADDRESS=MAC`.
struct GuestMACArgument: ExpressibleByArgument {
    var given: MigrateRequest.GivenMAC

    init?(argument: String) {
        guard let (place, mac) = argument.cut(atLast: "=") else { return nil }
        let parts = place.split(byte: ":", keepsEmpty: true)
        // A guest's name may have colons itself; the address has two, or one where the domain is left out, or none as
        // libvirt's node device.
        for length in [3, 2, 1] where parts.count > length {
            let address = parts.suffix(length).joined(separator: ":")
            let guest = parts.dropLast(length).joined(separator: ":")
            guard !guest.isEmpty, Planning.Arguments.isAddress(address), Planning.Arguments.mac(String(mac)) != nil
            else {
                continue
            }
            given = MigrateRequest.GivenMAC(guest: Name(guest), address: address, mac: String(mac))
            return
        }
        return nil
    }
}
