package import Text

/// The order in which people count: kvm2 before kvm10.
package enum NumberOrder {
    package static func precedes(_ left: Name, _ right: Name) -> Bool {
        // Bytes, not parts of the text: a text is never cut within a letter, so that it would not get shorter.
        var (first, second) = (Array(left.string.utf8)[...], Array(right.string.utf8)[...])
        while let a = first.first, let b = second.first {
            if a.isDigit, b.isDigit {
                let (one, other) = (first.prefix(while: \.isDigit), second.prefix(while: \.isDigit))
                let (value, otherValue) = (significant(one), significant(other))
                if value.count != otherValue.count { return value.count < otherValue.count }
                if !value.elementsEqual(otherValue) { return value.lexicographicallyPrecedes(otherValue) }
                (first, second) = (first[one.endIndex...], second[other.endIndex...])
            } else if a != b {
                return a < b
            } else {
                (first, second) = (first.dropFirst(), second.dropFirst())
            }
        }
        return first.count == second.count ? left < right : first.count < second.count
    }

    private static func significant(_ digits: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        digits.drop { $0 == UInt8(ascii: "0") }
    }
}
