/// Documents for libvirt's test driver whose names are of any text.
enum HostFile {
    /// A host with these guests and nothing else.
    static func text(guests: [String]) -> String {
        "<node>" + guests.map { guest($0) }.joined() + "</node>"
    }

    /// A host where a guest, a pool, a portgroup of it and a PF have this name.
    static func text(all name: String) -> String {
        let name = (guest(name), escaped(name))
        return """
            <node>\(name.0)<network><name>\(name.1)</name><forward mode='hostdev' managed='yes'><pf dev='\(name.1)'/></forward>\
            <portgroup name='\(name.1)'/></network><device><name>computer</name>\
            <capability type='system'><hardware><uuid>11111111-2222-3333-4444-555555555555</uuid></hardware>\
            <firmware/></capability></device><device><name>pci_0000_03_00_0</name><parent>computer</parent>\
            <capability type='pci'><domain>0</domain><bus>3</bus><slot>0</slot><function>0</function><product id='0x10c9'/>\
            <vendor id='0x8086'/><capability type='virt_functions' maxCount='63'/></capability></device><device>\
            <name>net_a</name><parent>pci_0000_03_00_0</parent><capability type='net'><interface>\(name.1)</interface>\
            <address>a0:36:9f:03:00:00</address><link state='up'/></capability></device></node>
            """
    }

    static func guest(_ name: String) -> String {
        "<domain type='test'><name>\(escaped(name))</name><memory>8192</memory><os><type>hvm</type></os></domain>"
    }

    /// As XML writes it, within elements and attributes.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if "<>&'\"".unicodeScalars.contains(scalar) || scalar.value < 0x20 {
                result.append(contentsOf: "&#\(scalar.value);".unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }
}
