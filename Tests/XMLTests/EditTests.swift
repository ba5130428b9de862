import Testing
import XML

@Suite("Editing")
struct EditTests {
    private static let guest = """
        <domain xmlns:qemu="urn:qemu" type="kvm">
          <!-- kept -->
          <name>vm1</name>
          <devices>
            <disk/>
            <!-- the network -->
            <interface type="hostdev">
              <mac address="52:54:00:00:00:01"/>
            </interface>
            <video/>
          </devices>
          <?kept too?>
          <qemu:commandline>
            <qemu:arg value="-x"/>
          </qemu:commandline>
        </domain>

        """
    private let document: Document
    private let devices: Element

    init() throws {
        document = try Document(parsing: EditTests.guest)
        devices = try document.selectOne("/domain/devices")
    }

    private func expect(_ old: String, became new: String, _ source: SourceLocation = #_sourceLocation) {
        #expect(EditTests.guest.contains(old), sourceLocation: source)
        #expect(document.serialized() == EditTests.guest.replacing(old, with: new), sourceLocation: source)
    }

    @Test("reads names, attributes, children, words and lines")
    func reading() throws {
        let interface = try #require(devices.first("interface"))
        #expect(devices.children.map(\.name) == ["disk", "interface", "video"])
        #expect(interface.parent == devices)
        #expect(document.root.parent == nil)
        #expect(interface.line == 7)
        #expect(interface[attribute: "type"] == "hostdev")
        #expect(interface[attribute: "none"] == nil)
        #expect(document.root.first("name")?.text == "vm1")
        #expect(
            document.root.first(path: ["devices", "interface", "mac"])?[attribute: "address"] == "52:54:00:00:00:01")
        #expect(document.root.first(path: ["devices", "none", "mac"]) == nil)
        #expect(document.root.first("commandline", in: "urn:qemu")?.namespaceURI == "urn:qemu")
        #expect(document.root.namespaceURI == nil)
        let other = try Document(parsing: "<a xmlns:q='u' c='1' q:c='2'/>").root
        #expect(other.attributes.map(\.name) == ["c", "q:c"])
        #expect(other.attributes.map(\.value) == ["1", "2"])
        #expect(other[attribute: "c"] == "1")
    }

    @Test("a path of names tries every way")
    func pathOfNames() throws {
        let root = try Document(parsing: "<a><b/><b><c d='1'/></b></a>").root
        #expect(root.first(path: ["b", "c"])?[attribute: "d"] == "1")
    }

    @Test("sets, adds and removes attributes in place")
    func attributes() {
        devices.first("interface")?[attribute: "type"] = "network"
        devices.first("interface")?[attribute: "managed"] = "yes"
        expect("<interface type=\"hostdev\">", became: "<interface type=\"network\" managed=\"yes\">")
        devices.first("interface")?[attribute: "managed"] = nil
        devices.first("interface")?[attribute: "none"] = nil
        expect("<interface type=\"hostdev\">", became: "<interface type=\"network\">")
    }

    @Test("escapes values, and makes them what XML can hold")
    func escaping() throws {
        let evil = "eth3\"><evil/>&amp;'\n"
        document.root.first("name")?.text = evil
        devices.first("video")?[attribute: "model"] = evil
        let again = try Document(parsing: document.serialized())
        #expect(again.root.first("name")?.text == evil)
        #expect(again.root.first(path: ["devices", "video"])?[attribute: "model"] == evil)
        #expect(try again.select("//evil").isEmpty)
        document.root.first("name")?.text = "a\0b\u{1}\u{FFFF}c"
        #expect(try Document(parsing: document.serialized()).root.first("name")?.text == "a\u{FFFD}b\u{FFFD}\u{FFFD}c")
    }

    @Test("setting words replaces what was inside")
    func words() throws {
        let interface = try #require(devices.first("interface"))
        let mac = try #require(interface.first("mac"))
        interface.text = ""
        #expect(mac.parent == nil)
        #expect(mac[attribute: "address"] == "52:54:00:00:00:01")
        expect(
            ">\n      <mac address=\"52:54:00:00:00:01\"/>\n    </interface>", became: "/>")
    }

    @Test("removing takes the line")
    func removing() throws {
        let video = try #require(devices.first("video"))
        video.remove()
        expect("\n    <video/>", became: "")
        #expect(video.parent == nil)
        #expect(video.name == "video")
        video.remove()
        expect("\n    <video/>", became: "")
    }

    @Test("removing all leaves an empty element")
    func removingAll() {
        devices.first("interface")?.first("mac")?.remove()
        expect(">\n      <mac address=\"52:54:00:00:00:01\"/>\n    </interface>", became: "/>")
    }

    @Test("the root stays")
    func removingTheRoot() {
        document.root.remove()
        #expect(document.serialized() == EditTests.guest)
    }

    @Test("replacing keeps the place, and the lines of the copy follow it")
    func replacing() throws {
        let template = try Document(
            parsing: "<interface>\n  <source network=\"p\"/>\n  <a>\n    <b/>\n  </a>\n</interface>\n")
        let old = try #require(devices.first("interface"))
        let new = old.replace(with: template.root)
        expect(
            "<interface type=\"hostdev\">\n      <mac address=\"52:54:00:00:00:01\"/>\n    </interface>",
            became: """
                <interface>
                      <source network="p"/>
                      <a>
                        <b/>
                      </a>
                    </interface>
                """)
        #expect(new.parent == devices)
        #expect(new != template.root)
        #expect(old.parent == nil)
        #expect(old.first("mac")?[attribute: "address"] == "52:54:00:00:00:01")
        #expect(template.root.children.count == 2)
    }

    @Test("the root can be replaced")
    func replacingTheRoot() throws {
        let other = try Document(parsing: "<other>\n  <b/>\n</other>")
        document.root.replace(with: other.root)
        #expect(document.root.name == "other")
        #expect(document.serialized() == "<other>\n  <b/>\n</other>\n")
    }

    @Test("inserting before, after and at the end starts lines")
    func inserting() throws {
        let video = try #require(devices.first("video"))
        let one = try Document(parsing: "<one/>").root
        devices.insert(one, before: video)
        expect("    <video/>\n", became: "    <one/>\n    <video/>\n")
        devices.insert(one, after: video)
        expect("    <video/>\n", became: "    <one/>\n    <video/>\n    <one/>\n")
        devices.append(video)
        expect("    <video/>\n", became: "    <one/>\n    <video/>\n    <one/>\n    <video/>\n")
    }

    @Test("new elements go in empty ones, too")
    func adding() throws {
        let added = devices.first("disk")?.addChild("source")
        added?[attribute: "file"] = "x"
        added?.addChild("b")
        expect("<disk/>", became: "<disk>\n      <source file=\"x\">\n        <b/>\n      </source>\n    </disk>")
        added?.addChild("a", before: added?.first("b"))
        #expect(added?.children.map(\.name) == ["a", "b"])
    }

    @Test("what is not indented stays so")
    func compact() throws {
        let compact = try Document(parsing: "<a><b/><c/></a>")
        compact.root.append(try Document(parsing: "<d/>").root)
        compact.root.first("b")?.addChild("e")
        let first = try #require(compact.root.first("c"))
        compact.root.addChild("f", before: first)
        #expect(compact.serialized() == "<a><b><e/></b><f/><c/><d/></a>")
        let words = try Document(parsing: "<a>\n one <b/> two\n</a>")
        words.root.addChild("c")
        #expect(words.root.text == "\n one  two\n")
    }

    @Test("the first child of a root starts a line")
    func emptyRoot() throws {
        let empty = try Document(parsing: "<a/>")
        empty.root.addChild("b").addChild("c")
        empty.root.addChild("d")
        #expect(empty.serialized() == "<a>\n  <b>\n    <c/>\n  </b>\n  <d/>\n</a>")
    }

    @Test("taking in and out again is no change")
    func thereAndBack() throws {
        let before = document.serialized()
        let video = try #require(devices.first("video"))
        for _ in 0..<3 {
            devices.insert(video, before: video).remove()
            devices.insert(video, after: video).remove()
            devices.append(video).remove()
            devices.addChild("x").remove()
            devices.first("disk")?.addChild("x").remove()
        }
        #expect(document.serialized() == before)
    }

    @Test(
        "blanks that start no line are left", arguments: ["<a>  <b/></a>", "<a><b/>  <c/></a>", "<a> <b/> <c/> </a>"])
    func blanksInALine(_ text: String) throws {
        let document = try Document(parsing: text)
        for child in document.root.children {
            document.root.addChild("x", before: child).remove()
            document.root.insert(child, after: child).remove()
            document.root.addChild("x").remove()
        }
        #expect(document.serialized() == text)
    }

    @Test("lines of what starts in the middle of one move rightly")
    func middleOfALine() throws {
        let odd = try Document(parsing: "<a>\n    <b/><c>\n      <d/>\n    </c>\n</a>")
        document.root.first("name")?.replace(with: try #require(odd.root.first("c")))
        expect("<name>vm1</name>", became: "<c>\n    <d/>\n  </c>")
        #expect(devices.insert(odd.root, before: document.root).parent == devices)
    }

    @Test("a copy for another document has a place in none")
    func copiedInto() throws {
        let other = try Document(parsing: "<a/>")
        let copy = try #require(devices.first("interface")).copied(into: other)
        #expect(copy.document === other)
        #expect(copy.parent == nil)
        copy.first("mac")?.remove()
        other.root.append(copy)
        #expect(other.serialized() == "<a>\n  <interface type=\"hostdev\"/>\n</a>")
        #expect(document.serialized() == EditTests.guest)
    }
}
