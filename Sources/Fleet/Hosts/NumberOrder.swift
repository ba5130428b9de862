package import Text

/// The order in which people count: kvm2 before kvm10.
package enum NumberOrder {
    package static func precedes(_ left: Name, _ right: Name) -> Bool {
        var (first, second) = (left.string[...], right.string[...])
        while let a = first.utf8.first, let b = second.utf8.first {
            if a.isDigit, b.isDigit {
                let (one, other) = (first.prefix(bytes: \.isDigit), second.prefix(bytes: \.isDigit))
                let (value, otherValue) = (significant(one), significant(other))
                if value.utf8.count != otherValue.utf8.count { return value.utf8.count < otherValue.utf8.count }
                if !value.isSame(as: otherValue) { return Name(value) < Name(otherValue) }
                (first, second) = (first[one.endIndex...], second[other.endIndex...])
            } else if a != b {
                return a < b
            } else {
                (first, second) = (rest(first), rest(second))
            }
        }
        return first.utf8.count == second.utf8.count ? left < right : first.utf8.count < second.utf8.count
    }

    private static func significant(_ digits: Substring) -> Substring {
        digits.drop(bytes: { $0 == UInt8(ascii: "0") })
    }

    private static func rest(_ text: Substring) -> Substring { Substring(text.utf8.dropFirst()) }
}
