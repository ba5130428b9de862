import SRIOV
import Testing
import Text

@Suite struct PCIAddressTests {
    @Test(arguments: [
        ("0000:03:10.2", "0000:03:10.2"), ("03:10.2", "0000:03:10.2"), ("0000:AF:1f.7", "0000:af:1f.7"),
        ("2424:21:1c.6", "2424:21:1c.6"), ("10000:e1:00.0", "10000:e1:00.0"), ("ffffffff:00:00.0", "ffffffff:00:00.0"),
    ])
    func readsTheKernelsSpelling(text: String, printed: String) throws {
        #expect(try #require(PCIAddress(text)).description == printed)
    }

    @Test(arguments: [
        "", "eth3", "0000:03:10", "0000:03:10.8", "0000:03:20.0", "0000:3:10.2", "000:03:10.2", "0000:03:10.02",
        "0000:03:10.2 ", " 0000:03:10.2", "0000:03:10.-1", "0000:+3:10.2", "0000:03:1g.2", "0000::03:10.2",
        "100000000:03:10.2", "0000:03.10.2", "0000-03-10.2", "0x0000:03:10.2", ":03:10.2", "52:54:00:6d:90:01",
        "0000:03:10.2.1", "٠٣:10.2",
    ])
    func refusesOtherSpellings(text: String) {
        #expect(PCIAddress(text) == nil)
    }

    @Test(arguments: [
        ("pci_0000_03_10_2", "0000:03:10.2"), ("pci_10000_e1_00_0", "10000:e1:00.0"),
    ])
    func readsAndPrintsNodeDevices(name: String, printed: String) throws {
        let address = try #require(PCIAddress(nodeDevice: name))
        #expect(address.description == printed)
        #expect(address.nodeDeviceName == name)
    }

    @Test(arguments: [
        "", "pci", "pci_0000_03_10", "pci_0000_03_10_8", "net_0000_03_10_2", "pci_0000_03_10_2_1", "03:10.2",
    ])
    func refusesOtherNodeDevices(name: String) {
        #expect(PCIAddress(nodeDevice: name) == nil)
    }

    @Test(arguments: [
        (["0x0000", "0x03", "0x10", "0x2"], "0000:03:10.2"), (["0", "3", "16", "2"], "0000:03:10.2"),
        (["0x2424", "4", "0x1c", "0x6"], "2424:04:1c.6"), (["0x2424", "0x04", "28", "6"], "2424:04:1c.6"),
        (["0x10000", "0xE1", "0X0", "0"], "10000:e1:00.0"), (["0", "07", "010", "00"], "0000:07:08.0"),
        ([nil, "0x03", "0x10", nil], "0000:03:10.0"),
    ])
    func readsLibvirtsAttributes(values: [String?], printed: String) throws {
        let address = PCIAddress(domain: values[0], bus: values[1], slot: values[2], function: values[3])
        #expect(try #require(address).description == printed)
    }

    @Test(
        arguments: [
            [nil, nil, nil, nil], ["0", "256", "0", "0"], ["0", "0x100", "0", "0"], ["0", "0", "32", "0"],
            ["0", "0", "0x20", "0"], ["0", "0", "0", "8"], ["0", "0a", "0", "0"], ["0", "08", "0", "0"],
            ["0", "0x", "0", "0"], ["0", "", "0", "0"], ["0", " 3", "0", "0"], ["0", "-1", "0", "0"],
            ["0", "+1", "0", "0"],
            ["0x100000000", "0", "0", "0"], ["0", "3.0", "0", "0"], ["99999999999999999999", "0", "0", "0"],
        ] as [[String?]])
    func refusesOtherAttributes(values: [String?]) {
        #expect(PCIAddress(domain: values[0], bus: values[1], slot: values[2], function: values[3]) == nil)
    }

    @Test func printsLibvirtsAttributes() throws {
        let address = try #require(PCIAddress("2424:0a:1c.6"))
        #expect(address.attributes.map(\.name) == ["domain", "bus", "slot", "function"])
        #expect(address.attributes.map(\.value) == ["0x2424", "0x0a", "0x1c", "0x6"])
    }

    @Test func ordersByPlace() {
        let sorted = ["0000:03:10.2", "0000:03:10.10", "10000:00:00.0", "0000:10:00.0", "0000:03:0f.7"]
            .compactMap { PCIAddress($0) }.sorted()
        #expect(sorted.map(\.description) == ["0000:03:0f.7", "0000:03:10.2", "0000:10:00.0", "10000:00:00.0"])
    }
}

@Suite struct MACAddressTests {
    @Test func printsInLowerCase() throws {
        #expect(try #require(MACAddress("52:54:00:6D:90:0A")).description == "52:54:00:6d:90:0a")
        #expect(MACAddress("52:54:00:6D:90:0A") == MACAddress("52:54:00:6d:90:0a"))
    }

    @Test(arguments: [
        "", "52:54:00:6d:90", "52:54:00:6d:90:01:02", "52-54-00-6d-90-01", "5254.006d.9001", "5254006d9001",
        "52:54:00:6d:90:1", "52:54:00:6d:90:001", "52:54:00:6d:90:0g", " 52:54:00:6d:90:01", "52:54:00:6d:90:01 ",
        "52::00:6d:90:01", "52:54:00:6d:90:01:", "0000:03:10.2",
    ])
    func refusesOtherSpellings(text: String) {
        #expect(MACAddress(text) == nil)
    }

    @Test(arguments: [
        ("00:00:00:00:00:00", true, false, false), ("a0:36:9f:03:00:00", false, false, false),
        ("52:54:00:6d:90:01", false, false, true), ("01:00:5e:00:00:01", false, true, false),
        ("ff:ff:ff:ff:ff:ff", false, true, true),
    ])
    func knowsItsKind(text: String, zero: Bool, multicast: Bool, local: Bool) throws {
        let mac = try #require(MACAddress(text))
        #expect(mac.isZero == zero)
        #expect(mac.isMulticast == multicast)
        #expect(mac.isLocallyAdministered == local)
    }

    @Test func ordersByBytes() {
        let sorted = ["ff:00:00:00:00:00", "00:00:00:00:00:ff", "01:00:00:00:00:00"].compactMap { MACAddress($0) }
            .sorted()
        #expect(sorted.map(\.description) == ["00:00:00:00:00:ff", "01:00:00:00:00:00", "ff:00:00:00:00:00"])
    }
}
