import Text

/// A line diff in the unified form, three lines of context.
package struct UnifiedDiff: Sendable, Equatable {
    package enum Line: Sendable, Equatable {
        case context(String), removed(String), added(String)
    }

    package struct Hunk: Sendable, Equatable {
        package var oldStart: Int
        package var newStart: Int
        package var lines: [Line]

        package var header: String {
            let old = lines.count { if case .added = $0 { false } else { true } }
            let new = lines.count { if case .removed = $0 { false } else { true } }
            return "@@ -\(Self.range(oldStart, old)) +\(Self.range(newStart, new)) @@"
        }

        private static func range(_ start: Int, _ count: Int) -> String {
            count == 1 ? "\(start)" : "\(count == 0 ? start - 1 : start),\(count)"
        }
    }

    package var hunks: [Hunk]

    package init(from old: String, to new: String, context: Int = 3) {
        let (old, new) = (Array(old.utf8), Array(new.utf8))
        let window = Self.window(old, new, context: context)
        let lines = Self.merged(Self.lines(old[window.old]), Self.lines(new[window.new]))
        hunks = Self.hunks(lines, context: context, before: window.linesBefore)
    }

    /// What both texts have before and behind their differences is left out, but for the context: lines cost much more than
    /// bytes.
    private static func window(
        _ old: [UInt8], _ new: [UInt8], context: Int
    ) -> (old: Range<Int>, new: Range<Int>, linesBefore: Int) {
        let newline = UInt8(ascii: "\n")
        let shorter = min(old.count, new.count)
        var start = 0
        while start < shorter, old[start] == new[start] { start += 1 }
        var behind = 0
        while behind < shorter - start, old[old.count - 1 - behind] == new[new.count - 1 - behind] { behind += 1 }
        // To the start of its line, and of as many more.
        for _ in 0...context where start > 0 {
            start -= 1
            while start > 0, old[start - 1] != newline { start -= 1 }
        }
        for _ in 0...context where behind > 0 {
            while behind > 0, old[old.count - behind] != newline { behind -= 1 }
            behind = max(0, behind - 1)
        }
        let linesBefore = old[..<start].count { $0 == newline }
        return (start..<old.count - behind, start..<new.count - behind, linesBefore)
    }

    /// Lines are compared by their bytes, as names are.
    private static func lines(_ text: ArraySlice<UInt8>) -> [Name] {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines.map { Name(String(decoding: $0, as: UTF8.self)) }
    }

    /// Old and new in one list. What both ends share is set aside first: documents differ in a few lines, and
    /// finding a difference costs the square of what is left.
    private static func merged(_ old: [Name], _ new: [Name]) -> [Line] {
        let head = zip(old, new).prefix { $0 == $1 }.count
        let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
        let oldMiddle = Array(old.dropFirst(head).dropLast(tail))
        let newMiddle = Array(new.dropFirst(head).dropLast(tail))
        let difference = newMiddle.difference(from: oldMiddle)
        let removed = Set(difference.removals.map(offset))
        let inserted = Set(difference.insertions.map(offset))
        var result = old.prefix(head).map { Line.context($0.string) }
        var oldIndex = 0
        var newIndex = 0
        while oldIndex < oldMiddle.count || newIndex < newMiddle.count {
            if oldIndex < oldMiddle.count, removed.contains(oldIndex) {
                result.append(.removed(oldMiddle[oldIndex].string))
                oldIndex += 1
            } else if newIndex < newMiddle.count, inserted.contains(newIndex) {
                result.append(.added(newMiddle[newIndex].string))
                newIndex += 1
            } else {
                result.append(.context(oldMiddle[oldIndex].string))
                oldIndex += 1
                newIndex += 1
            }
        }
        return result + old.suffix(tail).map { Line.context($0.string) }
    }

    private static func offset(_ change: CollectionDifference<Name>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    private static func hunks(_ lines: [Line], context: Int, before: Int) -> [Hunk] {
        let changes = lines.indices.filter { if case .context = lines[$0] { false } else { true } }
        var ranges: [Range<Int>] = []
        for change in changes {
            let range = max(0, change - context)..<min(lines.count, change + context + 1)
            if let last = ranges.last, last.upperBound >= range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            } else {
                ranges.append(range)
            }
        }
        var hunks: [Hunk] = []
        var old = 1 + before
        var new = 1 + before
        var index = 0
        for range in ranges {
            // Between hunks there is only context, which moves both counts alike.
            old += range.lowerBound - index
            new += range.lowerBound - index
            let part = Array(lines[range])
            hunks.append(Hunk(oldStart: old, newStart: new, lines: part))
            old += part.count { if case .added = $0 { false } else { true } }
            new += part.count { if case .removed = $0 { false } else { true } }
            index = range.upperBound
        }
        return hunks
    }
}
