package import FoundationEssentials
import Glibc

/// Points in time as people and programs read them, in the host's zone; a clock before 1970 or behind 9999 is held at these.
package enum Timestamp {
    /// ISO 8601 with zone: `2026-11-22T16:06:12+01:00`.
    package static func text(_ date: Date) -> String {
        let zone = format(date, "%z")
        return format(date, "%Y-%m-%dT%H:%M:%S") + zone.prefix(3) + ":" + zone.suffix(2)
    }

    /// `20261122-160612-042`, to the millisecond in UTC, which has no hour twice.
    package static func identifier(_ date: Date) -> String {
        let milliseconds = Int(seconds(date) * 1000) % 1000
        let text = String(milliseconds)
        return format(date, "%Y%m%d-%H%M%S", inUTC: true) + "-" + String(repeating: "0", count: 3 - text.count) + text
    }

    /// Not a number where the clock is none: then 1970.
    private static func seconds(_ date: Date) -> Double {
        let seconds = date.timeIntervalSince1970
        // The last day is left out: in some zones it is the next year's first.
        return seconds > 0 ? min(seconds, 253_402_214_400) : 0
    }

    private static func format(_ date: Date, _ pattern: String, inUTC: Bool = false) -> String {
        var seconds = time_t(seconds(date))
        var parts = tm()
        if inUTC { gmtime_r(&seconds, &parts) } else { localtime_r(&seconds, &parts) }
        var buffer = [CChar](repeating: 0, count: 64)
        let count = strftime(&buffer, buffer.count, pattern, &parts)
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
