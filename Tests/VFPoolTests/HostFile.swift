/// Documents for libvirt's test driver whose names are of any text.
enum HostFile {
    /// A host with these guests and nothing else.
    static func text(guests: [String]) -> String {
        "<node>" + guests.map { guest($0) }.joined() + "</node>"
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
