import CLinux

extension String {
    /// Whether these bytes are anywhere in it: at memory's speed, where `contains` goes by characters.
    package func holds(bytes other: String) -> Bool {
        var (text, other) = (self, other)
        return text.withUTF8 { text in
            other.withUTF8 { memmem(text.baseAddress, UInt(text.count), $0.baseAddress, UInt($0.count)) != nil }
        }
    }
}
