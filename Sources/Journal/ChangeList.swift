import Glibc
import Model
import Text

/// The names of a journal's changes, also of those that never began. However many there are, listing them costs little
/// beside reading a few.
struct ChangeList {
    private struct Place {
        var sequence: Int
        var start: Int
        var count: Int
    }

    private var text: [UInt8] = []
    private var places: [Place] = []
    /// The highest number that was given.
    private(set) var highest = 0
    /// Names that no change has.
    private(set) var strangers: [String] = []
    /// How many there are.
    let count: Int
    /// Where the older ones are, if this has only the newest.
    private let rest: OwnFolder?

    init(_ recent: RecentChanges, of folder: OwnFolder) {
        for name in recent.names {
            places.append(Place(sequence: name.sequence, start: text.count, count: name.text.utf8.count))
            text += Array(name.text.utf8)
        }
        highest = recent.names.first?.sequence ?? 0
        count = recent.count
        rest = recent.count > recent.names.count ? folder : nil
    }

    /// - Parameter folder: nil where there is none yet.
    /// - Throws: `journal` when the whole of the folder can't be read, which is not the same as an empty one.
    init(of folder: OwnFolder?) throws(Failure) {
        var (text, places, strangers): ([UInt8], [Place], [String]) = ([], [], [])
        try folder?.eachName { name in
            if let sequence = ChangeName.sequence(of: name) {
                places.append(Place(sequence: sequence, start: text.count, count: name.count))
                text += name
            } else {
                strangers.append(String(decoding: name, as: UTF8.self))
            }
        }
        (self.text, self.places, self.strangers) = (text, places, strangers.sorted())
        (count, rest) = (places.count, nil)
        for place in places { highest = max(highest, place.sequence) }
    }

    /// Goes through them, the newest first, until `body` has seen enough.
    func newestFirst(_ body: (ChangeName) throws(Failure) -> Bool) throws(Failure) {
        var places = places
        var last: ChangeName?
        // Who looks at the last few does not wait until all are in order.
        let edge = highest - 256
        let middle = places.partition { $0.sequence <= edge }
        for part in [0..<middle, middle..<places.count] {
            places[part].sort { isNewer($0, $1) }
            for place in places[part] {
                guard let name = name(place) else { continue }
                guard try body(name) else { return }
                last = name
            }
        }
        guard let rest else { return }
        try ChangeList(of: rest).newestFirst { (name) throws(Failure) in
            if let last, name >= last { return true }
            return try body(name)
        }
    }

    /// All of them, the oldest first.
    var names: [ChangeName] {
        get throws(Failure) {
            if let rest { return try ChangeList(of: rest).names }
            return places.sorted { isNewer($1, $0) }.compactMap(name)
        }
    }

    private func name(_ place: Place) -> ChangeName? {
        ChangeName(Array(text[place.start..<place.start + place.count]))
    }

    private func isNewer(_ left: Place, _ right: Place) -> Bool {
        if left.sequence != right.sequence { return left.sequence > right.sequence }
        return text.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            let order = memcmp(base + left.start, base + right.start, min(left.count, right.count))
            return order == 0 ? left.count > right.count : order > 0
        }
    }
}
