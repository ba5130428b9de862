import Testing
import XML

@Suite struct PartTests {
    private let part = Part(of: "devices", keeping: ["interface", "hostdev"])

    @Test func keepsTheNamedElementsWhole() throws {
        let text = """
            <domain><name>vm1</name><devices>
              <disk><interface/><source file='/x'/>words<!-- no --></disk>
              <interface type='network'><disk/><mac address='52:54:00:00:00:01'/></interface>
              <emulator>/usr/bin/qemu</emulator>
              <hostdev/>
            </devices><seclabel/></domain>
            """
        let document = try Document(parsing: text, only: part)
        let devices = try document.selectOne("/domain/devices")
        #expect(devices.children.map(\.name) == ["interface", "hostdev"])
        #expect(devices.children.first?.children.map(\.name) == ["disk", "mac"])
        let isBlank = devices.text.allSatisfy(\.isWhitespace)
        #expect(isBlank)
        #expect(document.root.children.map(\.name) == ["name", "devices", "seclabel"])
        #expect(document.root.first("name")?.text == "vm1")
    }

    @Test func readsCDATAAsWords() throws {
        let document = try Document(parsing: "<domain><name><![CDATA[a<b]]></name></domain>", only: part)
        #expect(document.root.first("name")?.text == "a<b")
    }

    /// What is left out is read as strictly as the rest.
    @Test(arguments: [
        "<domain><devices><disk><source></disk></devices></domain>",
        "<domain><devices><disk>&nothing;</disk></devices></domain>",
        "<!DOCTYPE domain><domain><devices><disk/></devices></domain>",
        "<domain><devices>" + String(repeating: "<disk>", count: 300) + String(repeating: "</disk>", count: 300)
            + "</devices></domain>",
    ])
    func refusesWhatAWholeDocumentWouldBeRefusedFor(_ text: String) {
        #expect(throws: XMLError.self) { try Document(parsing: text) }
        #expect(throws: XMLError.self) { try Document(parsing: text, only: part) }
    }
}
