import FoundationEssentials
import Glibc
import Model
import Reporting
import TestSupport
import Testing
import Text
import XML

@testable import vfpool

/// `vfpool picture`: what is on it, where things are, and that it is SVG and HTML for anyone to open.
@Suite struct PictureTests {
    private static let docs = CLIHost.fixtures + "/../../docs/howto/picture.svg"

    // MARK: What is on it

    /// The picture of README and of its page is this one.
    @Test func everythingIsDrawn() throws {
        let drawing = try PictureHosts.drawing(PictureHosts.everything())
        let text = try PictureSVG.text(drawing)
        try Golden.check(file: CLIHost.fixtures + "/golden/picture.svg", text)
        try Golden.check(file: Self.docs, text)
        #expect(Self.isApart(drawing) == [])
    }

    @Test func linesSayWhatIsNowAndWhatComes() throws {
        let picture = try PictureHosts.picture(PictureHosts.everything())
        #expect(picture.bands.map(\.node) == [0, 1])
        let lines = picture.pfs.flatMap(\.groups).flatMap(\.rows).flatMap { row in
            row.links.map { "\(row.title) \($0.isNext ? "next" : "now") \(picture.guests[$0.guest]?.name ?? "?")" }
        }
        #expect(
            lines == [
                "VF 0 now web1", "VF 1 now web2", "VF 2 now db1", "VF 5 now legacy", "any free VF next legacy",
                "any free VF next build", "VF 0 now db1", "any free VF next archive",
            ])
        #expect(picture.guests.values.first { $0.name == "db1" }?.pfs == ["eth3", "eth5"])
        let words = picture.pfs.flatMap(\.groups).flatMap(\.rows).flatMap(\.links).map(\.words)
        #expect(words.first == "52:54:00:00:01:00 dmz VLAN 42", "\(words)")
        let folded = picture.pfs.flatMap(\.groups).flatMap(\.rows).filter { $0.address == nil && $0.links.isEmpty }
        #expect(folded.map(\.title) == ["VFs 3-4", "VFs 6-7", "VFs 1-3"])
    }

    @Test func findingsMarkWhatTheyAreAbout() throws {
        let picture = try PictureHosts.picture(PictureHosts.everything())
        let down = try #require(picture.findings.firstIndex { $0.code == "pf-up" }) + 1
        #expect(picture.pfs.map { $0.mark.numbers.contains(down) } == [false, true])
        let pools = picture.pfs.flatMap { $0.groups.compactMap(\.pool) }
        #expect(pools.map { $0.mark.numbers.contains(down) } == [false, true])
        #expect(picture.findings.first?.isFailure == true, "the worst comes first")
    }

    @Test func aPartIsWhatWasAskedFor() throws {
        let state = try PictureHosts.everything()
        #expect(try PictureHosts.picture(state, named: "eth5").pfs.map(\.title) == ["eth5"])
        #expect(try PictureHosts.picture(state, named: "vfpool-eth3").pfs.map(\.title) == ["eth3"])
        let guest = try PictureHosts.picture(state, named: "db1")
        #expect(guest.guests.values.map(\.name) == ["db1"])
        #expect(
            guest.pfs.flatMap(\.groups).map { $0.rows.map(\.title) } == [
                ["VF 2", "other VFs"], ["VF 0", "other VFs"],
            ])
        #expect(throws: Failure.self) { try PictureHosts.picture(state, named: "nix") }
    }

    // MARK: Where things are

    /// 8 PFs, 512 VFs, 320 guests: no box upon another, nothing outside, and no strip of paper.
    @Test func aLargeHostIsAPage() throws {
        let drawing = try PictureHosts.drawing(PictureHosts.large())
        #expect(Self.isApart(drawing) == [])
        #expect(
            drawing.width < 3 * drawing.height && drawing.height < 3 * drawing.width,
            "\(drawing.width)x\(drawing.height)")
        try Self.keep("large", drawing)
    }

    /// To be looked at, where VFPOOL_PICTURES names a folder.
    static func keep(_ name: String, _ drawing: Drawing) throws {
        guard let folder = getenv("VFPOOL_PICTURES") else { return }
        try Data(PictureSVG.text(drawing).utf8).write(to: URL(filePath: "\(String(cString: folder))/\(name).svg"))
    }

    @Test func aSmallHostIsSmall() throws {
        let host = try PretendHost([PretendPF("eth3", vfs: 8)])
        let drawing = try PictureHosts.drawing(host.state())
        #expect(Self.isApart(drawing) == [] && drawing.height < 320)
        let none = try PictureHosts.drawing(State(uri: "test:///x", isLocal: true, networks: [], guests: [], pfs: []))
        #expect(Self.isApart(none) == [] && none.height > 60)
    }

    @Test(arguments: [[], [13], [13, 13, 13], [100, 100, 105, 300], [13, 40, 300, 300, 310]])
    func placesAreMovedApart(wanted: [Int]) {
        let places = PictureBlock.apart(wanted)
        #expect(places.count == wanted.count && (places.first ?? 13) >= 13)
        for (one, next) in zip(places, places.dropFirst()) { #expect(next - one >= PicturePlaces.pitch) }
    }

    /// What is wrong with where things are: boxes upon each other or outside, letters that leave their box.
    static func isApart(_ drawing: Drawing) -> [String] {
        var faults: [String] = []
        var boxes: [(x: Int, y: Int, right: Int, bottom: Int, title: String)] = []
        for symbol in drawing.symbols {
            guard case .rectangle(let x, let y, let width, let height, _, _)? = symbol.shapes.first else { continue }
            let box = (x: x, y: y, right: x + width, bottom: y + height, title: symbol.title)
            if x < 0 || y < 0 || box.right > drawing.width || box.bottom > drawing.height {
                faults.append("\(symbol.title) is outside")
            }
            boxes.append(box)
            for case .text(let text, let left, let base, let classes) in symbol.shapes where classes != "number" {
                let size = classes.contains("small") ? 10 : classes.contains("dim") ? 11 : 12
                let pixels = TextWidth.pixels(text, size: size)
                let (from, to) = classes.contains("end") ? (left - pixels, left) : (left, left + pixels)
                if from < x || to > box.right || base > box.bottom || base - size < y - 2 {
                    faults.append("\(text) leaves \(symbol.title)")
                }
            }
        }
        for (one, next) in zip(
            boxes.sorted { ($0.x, $0.y) < ($1.x, $1.y) }, boxes.sorted { ($0.x, $0.y) < ($1.x, $1.y) }.dropFirst())
        where one.x == next.x && one.bottom > next.y {
            faults.append("\(next.title) is upon \(one.title)")
        }
        return faults
    }

    // MARK: Files

    @Test func theSameStateIsTheSameBytes() throws {
        let state = try PictureHosts.everything()
        var other = state
        other.guests.reverse()
        other.networks.reverse()
        other.pfs.reverse()
        #expect(try PictureSVG.text(PictureHosts.drawing(state)) == PictureSVG.text(PictureHosts.drawing(other)))
    }

    static let elements: Set = ["svg", "title", "desc", "style", "g", "rect", "circle", "path", "text"]

    /// Whatever a name is made of, it is text.
    @Test(arguments: HostileNames.all) func namesAreText(name: String) throws {
        var picture = try PictureHosts.picture(PictureHosts.everything())
        for key in picture.guests.keys { picture.guests[key]?.name = Name(name) }
        for band in picture.bands.indices {
            for pf in picture.bands[band].pfs.indices {
                picture.bands[band].pfs[pf].title = Name(name)
                for group in picture.bands[band].pfs[pf].groups.indices {
                    picture.bands[band].pfs[pf].groups[group].pool?.name = Name(name)
                }
            }
        }
        let drawing = PictureLayout(picture, title: name).drawing
        #expect(Self.isApart(drawing) == [])
        let svg = try PictureSVG.document(drawing)
        let read = try Document(parsing: svg.canonical())
        #expect(Self.all(read.root).allSatisfy { Self.elements.contains($0.name) })
        let page = try PicturePage(title: name, about: name, sections: [(name, name)]).text(svg)
        let body = try #require(page.without(prefix: "<!DOCTYPE html>\n"))
        let elements = try Self.all(Document(parsing: String(body)).root)
        let words: Set = ["html", "head", "meta", "body", "main", "h1", "h2", "p", "pre", "div"]
        #expect(elements.allSatisfy { Self.elements.union(words).contains($0.name) })
        let loading: Set = ["src", "href", "xlink:href", "data", "action", "onload", "style"]
        #expect(elements.allSatisfy { $0.attributes.allSatisfy { !loading.contains($0.name) } })
        // Its text, too, has none that a browser would read as something else.
        #expect(
            !page.contains("<script") && !PictureText.text(picture, .plain).unicodeScalars.contains { $0.value == 0x1B }
        )
    }

    static func all(_ element: Element) -> [Element] { [element] + element.children.flatMap(all) }

    @Test func aFileIsWrittenWhole() throws {
        let host = try CLIHost()
        let svg = try host.run(["picture", "--format", "svg"])
        #expect(svg.status == 0 && svg.stderr.isEmpty)
        let path = host.folder + "/x.svg"
        let written = try host.run(["picture", "--output", path])
        #expect(written.status == 0 && written.stdout.isEmpty && written.stderr.isEmpty)
        #expect(try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self) == svg.stdout)
        let page = try host.run(["picture", "-o", host.folder + "/x.html"])
        #expect(page.status == 0)
        let text = try String(decoding: Data(contentsOf: URL(filePath: host.folder + "/x.html")), as: UTF8.self)
        for part in [
            "<!DOCTYPE html>", "<svg ", "vfpool-eth5: pool of eth5", "pf-up", "vfpool has changed nothing yet",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        // As those that a shell makes: by the umask, and a file of before is replaced.
        for (mask, mode) in [("022", "644"), ("027", "640"), ("077", "600")] {
            let made = try host.shell("umask \(mask); $vfpool picture -o \(path) && stat -c %a \(path)")
            #expect(made.status == 0 && made.stdout.trimmed.isSame(as: mode), "\(mask): \(made)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: host.folder).filter { $0.contains("x.svg.") } == [])
        let nowhere = try host.run(["picture", "--output", host.folder + "/no/x.svg"])
        #expect(nowhere.status == 1 && nowhere.stderr.contains("error[file]"))
    }

    private static let converter = "/usr/bin/rsvg-convert"

    /// By another program than a browser: it is an image, and no blank one.
    @Test(.enabled(if: access(converter, X_OK) == 0, "no rsvg-convert: Tests/setup"))
    func itIsAnImage() throws {
        let scratch = try TemporaryFolder()
        let path = scratch.path + "/x.svg"
        try Data(PictureSVG.text(PictureHosts.drawing(PictureHosts.everything())).utf8).write(to: URL(filePath: path))
        let environment = ["PATH": "/usr/bin:/bin", "HOME": scratch.path]
        let image = try RunningCommand([Self.converter, "-o", scratch.path + "/x.png", path], environment: environment)
            .wait(seconds: 60)
        #expect(image.status == 0, "\(image.stderr)")
        // Its lines of pixels, unpacked: how many differ.
        let program = """
            import re, sys, zlib
            data = open(sys.argv[1], "rb").read()
            at, pixels = 8, b""
            while at < len(data):
                size = int.from_bytes(data[at:at + 4], "big")
                if data[at + 4:at + 8] == b"IDAT": pixels += data[at + 8:at + 8 + size]
                at += 12 + size
            rows, height = zlib.decompress(pixels), int.from_bytes(data[20:24], "big")
            print(len({rows[n * len(rows) // height:(n + 1) * len(rows) // height] for n in range(height)}))
            """
        let counted = try RunningCommand(
            ["/usr/bin/python3", "-c", program, scratch.path + "/x.png"], environment: environment
        ).wait()
        #expect(Int(counted.stdout.trimmed) ?? 0 > 100, "\(counted)")
    }
}
