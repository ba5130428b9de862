import Journal
import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text
import XML

/// libvirt's own guests, migrated: only what is pinned changes, all it had stays, and it can be taken back.
@Suite(.enabled(if: Corpus.isThere, "the corpus is not there: run Tests/Corpus/fetch")) struct MigrateCorpusTests {
    /// Which devices of a guest are declared to be functions of a PF.
    private enum Declared: CaseIterable {
        /// Those of `<interface type='hostdev'>`.
        case interfaces
        /// Those of plain hostdevs, too, whatever they really are.
        case everything
    }

    private static var samples: [CorpusGuest] { CorpusGuest.all() }

    /// The functions of a document that are declared, in order and once each.
    private static func functions(_ sample: CorpusGuest, _ declared: Declared) throws -> [PCIAddress] {
        var seen: Set<PCIAddress> = []
        var found = try sample.document.select("/domain/devices/interface[@type='hostdev']/source/address").compactMap {
            GuestReader.pciAddress($0)
        }
        if declared == .everything {
            found += try sample.document.select("/domain/devices/hostdev").compactMap(GuestReader.pinnedFunction)
        }
        return found.filter { seen.insert($0).inserted }
    }

    /// Why a guest of the corpus can't be migrated; nil where it must be.
    private static func excuse(_ sample: CorpusGuest) -> [Failure.Code] {
        let path = sample.path
        if path.contains("net-hostdev-fail") { return [.cannotCarry] }
        if path.contains("unassigned") || path.contains("display-ramfb") { return [.cannotCarry] }
        // A VFIO driver of its own, which the pool has not.
        let models = try? sample.document.select("/domain/devices/*[self::interface or self::hostdev]/driver[@model]")
        if let models, !models.isEmpty { return [.cannotCarry] }
        // Some are there because they are wrong.
        return path.contains("-invalid") || path.contains("duplicate") ? [.invalidDocument, .duplicateMAC] : []
    }

    private static func migrated(
        _ declared: Declared, _ body: (CorpusGuest, [PCIAddress], CorpusHost, Migration) throws -> Void
    ) throws -> Int {
        var count = 0
        for sample in samples {
            let functions = try functions(sample, declared)
            guard !functions.isEmpty else { continue }
            let host = try CorpusHost(sample, functions)
            do {
                let migration = try host.migration(PretendHost.request(["guest"], drop: ["virtualport"]))
                count += 1
                try body(sample, functions, host, migration)
            } catch let failure as Failure {
                #expect(excuse(sample).contains(failure.code), "\(sample.path): \(failure)")
            }
        }
        return count
    }

    // MARK: Pinned guests

    @Test func `only what is pinned changes, and all it had stays`() throws {
        let schema = try Schema(file: "/usr/share/libvirt/schemas/domain.rng")
        for declared in Declared.allCases {
            let count = try Self.migrated(declared) { sample, functions, host, migration in
                #expect(
                    migration.rows.count
                        == host.guest.interfaces.count { interface in
                            interface.attachment.pinnedAddress.map(functions.contains) ?? false
                        }, "\(sample.path)")
                let change = try #require(migration.guestChange, "\(sample.path)")
                #expect(change.before == sample.text)
                let after = try #require(change.after)
                try compare(sample, after, functions)
                if schema.problems(in: sample.document).isEmpty {
                    let problems = schema.problems(in: try Document(parsing: after))
                    #expect(problems.isEmpty, "\(sample.path): \(problems)")
                }
                let again = try host.after(migration).migration(PretendHost.request(["guest"]))
                #expect(again.guestChange == nil && again.rows.isEmpty, "\(sample.path)")
            }
            #expect(count >= (declared == .interfaces ? 13 : 60), "\(count) guests")
        }
    }

    @Test func `undone, the text is what it was`() throws {
        let count = try Self.migrated(.everything) { sample, _, host, migration in
            let folder = try TemporaryFolder()
            let journal = Journal(StateFolder(path: folder.path))
            let record = try journal.begin(migration.plan, command: ["vfpool"], uri: PretendHost.uri)
            for (number, step) in migration.plan.steps.enumerated() {
                try record.starting(number)
                try record.finished(number, stored: step.documentChange?.after)
            }
            try record.complete(.done, failure: nil)
            let after = try host.after(migration)
            let back = try UndoPlanner.plan(after.state, UndoPlanner.latest(in: journal, uri: PretendHost.uri), journal)
            let guest = try #require(back.steps.compactMap(\.documentChange).first { $0.name == "guest" })
            #expect(guest.after.map { Array($0.utf8) } == Array(sample.text.utf8), "\(sample.path)")
        }
        #expect(count >= 60, "\(count) guests")
    }

    /// However an address is written, it is the same function, and the same change.
    @Test func `hexadecimal, decimal, with and without a domain`() throws {
        var count = 0
        for sample in Self.samples {
            let functions = try Self.functions(sample, .everything)
            guard !functions.isEmpty, Self.excuse(sample).isEmpty else { continue }
            for spelling in AddressSpelling.allCases {
                let spelled = try spelling.spelled(sample)
                let host = try CorpusHost(spelled, functions)
                let migration = try host.migration(PretendHost.request(["guest"], drop: ["virtualport"]))
                let usual = try CorpusHost(sample, functions).migration(
                    PretendHost.request(["guest"], drop: ["virtualport"]))
                #expect(migration.rows == usual.rows, "\(sample.path), \(spelling)")
                // The source goes, so what is left is the same.
                let now = try Document(parsing: migration.guestChange?.after ?? "").canonical()
                #expect(now == (try Document(parsing: usual.guestChange?.after ?? "").canonical()), "\(sample.path)")
                count += 1
            }
        }
        #expect(count > 150, "\(count) documents")
    }

    /// Comments, processing instructions and elements of other namespaces, between devices and within them.
    @Test func `what others wrote survives`() throws {
        var count = 0
        for sample in Self.samples {
            let functions = try Self.functions(sample, .everything)
            guard !functions.isEmpty, Self.excuse(sample).isEmpty else { continue }
            let annotated = try sample.annotated()
            let host = try CorpusHost(annotated, functions)
            let migration = try host.migration(PretendHost.request(["guest"], drop: ["virtualport"]))
            let after = try #require(migration.guestChange?.after, "\(sample.path)")
            try compare(annotated, after, functions)
            let notes = CorpusGuest.notes
            for note in notes {
                let (before, now) = (annotated.text.split(separator: note), after.split(separator: note))
                #expect(before.count == now.count, "\(sample.path): \(note)")
            }
            count += 1
        }
        #expect(count > 50, "\(count) guests")
    }

    // MARK: All the others

    /// Graphics cards, disks, mdevs, SCSI, s390 devices, and PFs themselves: without a function of theirs, nobody is
    /// touched.
    @Test func `nobody else is touched`() throws {
        let elsewhere = (0..<8).compactMap { PCIAddress("fffe:7f:1f.\($0)") }
        let samples = Self.samples
        var hostdevs = 0
        for sample in samples {
            var host = try CorpusHost(sample, elsewhere)
            // Some of what is passed through is a PF itself.
            let devices = try sample.document.select("/domain/devices/hostdev").compactMap(GuestReader.pinnedFunction)
            if let first = devices.first { host.state.pfs[0].address = first }
            hostdevs += try sample.document.select("/domain/devices/hostdev").count
            let sweep = try host.migration(PretendHost.request(creates: true, macvtap: true, live: true))
            #expect(sweep.guestChange == nil && sweep.rows.isEmpty, "\(sample.path)")
            let pins = try Self.functions(sample, .interfaces)
            // An interface that names a device which is no function here is told of, not passed over.
            #expect(sweep.reasons.isEmpty == pins.isEmpty, "\(sample.path): \(sweep.reasons)")
        }
        #expect(samples.count > 2000 && hostdevs > 150, "\(samples.count) guests, \(hostdevs) hostdevs")
    }

    // MARK: Details

    /// Everything but the pinned devices is the same text; they keep what a VF has.
    private func compare(_ sample: CorpusGuest, _ after: String, _ functions: [PCIAddress]) throws {
        let old = try Document(parsing: sample.text)
        let new = try Document(parsing: after)
        let devices = try (old.selectOne("/domain/devices").children, new.selectOne("/domain/devices").children)
        try #require(devices.0.count == devices.1.count, "\(sample.path)")
        for (before, now) in zip(devices.0, devices.1) {
            let pin =
                before.name == "interface" && before[attribute: "type"] == "hostdev"
                ? before.first(path: ["source", "address"]).flatMap(GuestReader.pciAddress)
                : GuestReader.pinnedFunction(before)
            guard pin.map(functions.contains) ?? false, before.namespaceURI == nil else { continue }
            #expect(now.name == "interface" && now[attribute: "type"] == "network", "\(sample.path)")
            let pool = now.first("source")?[attribute: "network"]
            #expect(pool?.hasPrefix("pool") == true, "\(sample.path)")
            for name in ["mac", "vlan", "virtualport", "teaming", "alias", "boot", "rom", "acpi", "address", "link"] {
                guard let child = before.first(name), child[attribute: "type"] != "802.1Qbg" else { continue }
                #expect(child.canonical() == now.first(name)?.canonical(), "\(sample.path): \(name)")
            }
            #expect(now.all("mac").count == 1, "\(sample.path)")
            // The same mark in both, so that the rest can be compared as text.
            for element in [before, now] { element.replace(with: try Document(parsing: "<mark/>").root) }
        }
        #expect(old.serialized() == new.serialized(), "\(sample.path)")
    }
}
