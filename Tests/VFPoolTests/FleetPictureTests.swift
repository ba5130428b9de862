import Fleet
import FoundationEssentials
import Glibc
import Model
import Reporting
import TestSupport
import Testing
import Text
import XML

@testable import vfpool

/// `vfpool picture --hosts`: each host's card, those that did not answer, and hosts of which all is the same.
@Suite struct FleetPictureTests {
    private static func host(_ state: State, part name: Name? = nil) throws -> FleetPicture.Content {
        func document(_ json: some JSONReport) throws -> JSONValue {
            try JSONReader.read(Array(JSONText.of(json.json, pretty: false).utf8))
        }
        let report = Report(state)
        let facts = HostFacts.unknown("there is no host", hasGrammars: true)
        let diagnosis = try Diagnosis(state, facts, named: name)
        let doctor = try JSONReader.read(
            Array(JSONText.of(diagnosis.json(diagnosis.checks), pretty: false).utf8))
        let part = try name.map { try document(report.narrowed(to: $0)) }
        return .host(FleetPicture.Host(doctor, try document(report), part: part))
    }

    private static func small() throws -> State {
        var host = try PretendHost([PretendPF("eth3", vfs: 8, possible: 63)])
        try host.addPoolByHand("vfpool-eth3", pf: "eth3")
        return try host.state()
    }

    private static let reason: Name = "no answer within 15 s"

    private static func cards() throws -> [FleetPicture.Card] {
        [
            FleetPicture.Card(hosts: ["kvm1"], content: try host(PictureHosts.everything())),
            FleetPicture.Card(hosts: (2...9).map { "kvm\($0)" }, content: try host(small())),
            FleetPicture.Card(hosts: ["kvm10", "kvm12"], content: .missing(reason)),
            FleetPicture.Card(
                hosts: ["db1"],
                content: .missing(
                    "could not connect to db1: Cannot recv data: ssh: connect to host db1 port 22: Connection refused: Connection reset by peer"
                )),
        ]
    }

    private static func drawing(_ cards: [FleetPicture.Card], all: Bool = false) -> Drawing {
        FleetPictureLayout(FleetPicture(cards: cards, between: []), title: "Who has which VF, 12 hosts", all: all)
            .drawing
    }

    /// The picture of its page is this one.
    @Test func everythingIsDrawn() throws {
        let drawing = Self.drawing(try Self.cards())
        let text = try PictureSVG.text(drawing)
        try Golden.check(file: CLIHost.fixtures + "/golden/fleet-picture.svg", text)
        try Golden.check(file: CLIHost.fixtures + "/../../docs/howto/fleet.svg", text)
        #expect(PictureTests.isApart(drawing) == [])
        try PictureTests.keep("fleet", drawing)
        let titles = drawing.symbols.map(\.title)
        #expect(titles.contains { $0.hasPrefix("host kvm1: 2 PFs, 12 VFs: 4 taken, ") }, "\(titles)")
        #expect(titles.contains { $0.hasPrefix("hosts kvm[2-9]: 1 PF, 8 VFs: 8 free") }, "\(titles)")
        #expect(titles.contains("host kvm[10,12]: no answer: no answer within 15 s"), "\(titles)")
        #expect(
            titles.contains {
                $0.hasPrefix("pool vfpool-eth3 of PF eth3 of kvm1, ") && $0.contains("web1, web2, db1")
                    && $0.hasSuffix("at next start: build, legacy")
            }, "\(titles)")
    }

    /// 40 hosts with 512 VFs and some 320 guests each.
    @Test func aLargeFleetIsAPage() throws {
        let large = try Self.host(PictureHosts.large())
        let cards = (1...40).map { FleetPicture.Card(hosts: ["kvm\($0)"], content: large) }
        let drawing = Self.drawing(cards)
        #expect(PictureTests.isApart(drawing) == [])
        #expect(
            drawing.width < 3 * drawing.height && drawing.height < 3 * drawing.width,
            "\(drawing.width)x\(drawing.height)")
        #expect(try PictureSVG.text(drawing).utf8.count < 2 << 20)
        let words = drawing.symbols.flatMap(\.shapes).filter {
            if case .text(let text, _, _, _) = $0 { text.contains(" more") } else { false }
        }
        #expect(!words.isEmpty, "no guest was left out")
        let all = Self.drawing([cards[0]], all: true)
        #expect(PictureTests.isApart(all) == [])
        #expect(
            !all.symbols.flatMap(\.shapes).contains {
                if case .text(let text, _, _, _) = $0 { text.hasSuffix(" more") } else { false }
            })
        try PictureTests.keep("fleet-large", drawing)
    }

    @Test func aPartIsWhatWasAskedFor() throws {
        let state = try PictureHosts.everything()
        func groups(_ name: Name) throws -> [String] {
            guard case .host(let host) = try Self.host(state, part: name) else { return [] }
            return host.pfs.flatMap { pf in
                pf.groups.map { "\(pf.title) \($0.pool?.string ?? "-"): \(FleetCard.guests($0))" }
            }
        }
        #expect(try groups("db1") == ["eth3 vfpool-eth3: db1", "eth5 storage: db1"])
        #expect(try groups("storage") == ["eth5 storage: db1; at next start: archive"])
        #expect(try groups("eth5") == ["eth5 storage: db1; at next start: archive"])
        #expect(try groups("build") == ["eth3 vfpool-eth3: at next start: build"])
    }

    /// Whatever a name is made of, it is text.
    @Test(arguments: HostileNames.all) func namesAreText(name: String) throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("pool", pf: "eth3")
        try host.addGuest("vm1", [.network("pool")], running: true)
        try host.addGuest("vm2", [.network("pool")])
        var state = try host.state()
        for index in state.guests.indices { state.guests[index].name = Name(name) }
        let cards = [
            FleetPicture.Card(hosts: [Name(name), "a"], content: try Self.host(state)),
            FleetPicture.Card(hosts: [Name(name)], content: .missing(Name(name))),
        ]
        let drawing = Self.drawing(cards)
        #expect(PictureTests.isApart(drawing) == [])
        let elements = PictureTests.all(try PictureSVG.document(drawing).root).map(\.name)
        #expect(elements.allSatisfy(PictureTests.elements.contains))
        let text = FleetPictureText.text(FleetPicture(cards: cards, between: []), .plain, all: false)
        #expect(!text.unicodeScalars.contains { $0.value == 0x1B })
    }

    /// Each by its name, those without an answer too; the file is whole, and the exit status says that some are missing.
    @Test func aFileOfAFleet() throws {
        let host = try CLIHost()
        for (name, fixture) in [("kvm1", "usual"), ("kvm2", "usual"), ("kvm3", "elsewhere")] {
            let text = try Data(contentsOf: URL(filePath: "\(CLIHost.fixtures)/hosts/\(fixture).xml"))
            try text.write(to: URL(filePath: "\(host.folder)/\(name).xml"))
        }
        let list = (1...4).map { "test://\(host.folder)/kvm\($0).xml\n" }.joined()
        let page = host.folder + "/fleet.html"
        let result = try host.run(["picture", "--hosts", "-", "--output", page], input: list)
        #expect(result.status == 6 && result.stdout.isEmpty, "\(result)")
        #expect(result.stderr.contains("note: 3 of 4 hosts answered"), "\(result)")
        let text = try String(decoding: Data(contentsOf: URL(filePath: page)), as: UTF8.self)
        for part in [
            "<!DOCTYPE html>", "<svg ", "kvm[1-2]", "kvm3", "no answer", "<h2>Pools</h2>", "<h2>Doctor</h2>", "pf-up",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        let nowhere = try host.run(["picture", "--hosts", "-", "-o", host.folder + "/no/x.svg"], input: list)
        #expect(nowhere.status == 1 && nowhere.stderr.contains("error[file]"), "\(nowhere)")
        let nobody = try host.run(
            ["picture", "nix", "--hosts", "test://\(host.folder)/kvm[1-3].xml", "--format", "svg"])
        #expect(nobody.status == 1 && nobody.stdout.isEmpty && nobody.stderr.contains("no-such-pool"), "\(nobody)")
    }
}
