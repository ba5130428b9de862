import Text

/// `kvm[1-12]`, `kvm[01-12,20]`: names that differ in a number, written as one.
package enum HostRange {
    /// - Parameter most: more names than these are refused.
    package static func expanded(_ pattern: String, most: Int) throws(HostListError) -> [String] {
        guard let (before, rest) = pattern.cut(at: "[") else { return [pattern] }
        guard let (body, after) = rest.cut(at: "]") else {
            throw HostListError("\(pattern) has a `[` without a `]`")
        }
        let ends = try expanded(String(after), most: most)
        // An address of IPv6 stands in such brackets, too.
        if body.utf8.contains(UInt8(ascii: ":")) { return ends.map { "\(before)[\(body)]\($0)" } }
        let numbers = try numbers(body, of: pattern, most: most)
        guard numbers.count * ends.count <= most else {
            throw HostListError("\(pattern) stands for more than \(most) hosts")
        }
        return numbers.flatMap { number in ends.map { "\(before)\(number)\($0)" } }
    }

    private static func numbers(_ body: Substring, of pattern: String, most: Int) throws(HostListError) -> [String] {
        var numbers: [String] = []
        for part in body.split(byte: ",", keepsEmpty: true) {
            let ends = part.split(byte: "-", keepsEmpty: true)
            guard (1...2).contains(ends.count), let first = Int(digits: ends[0]),
                let last = Int(digits: ends[ends.count - 1]), ends.allSatisfy({ $0.utf8.count < 16 })
            else { throw HostListError("\(pattern): [\(body)] is no list of numbers such as `[1-12,20]`") }
            guard first <= last else { throw HostListError("\(pattern): \(first) is more than \(last)") }
            guard last - first < most, numbers.count + last - first < most else {
                throw HostListError("\(pattern) stands for more than \(most) hosts")
            }
            // `01-12` counts with two digits.
            let width = ends[0].hasPrefix(bytes: "0") ? ends[0].utf8.count : 0
            numbers += (first...last).map { padded($0, width) }
        }
        return numbers
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
