import TestSupport
import Text

/// Files in one input: a line `=== PATH` before the text of each.
struct PathLines {
    var files: [(path: String, text: [UInt8])]

    init(_ input: [UInt8]) {
        files = []
        for line in input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.starts(with: "=== ".utf8) {
                files.append((String(decoding: line.dropFirst(4), as: UTF8.self), []))
            } else if !files.isEmpty {
                files[files.count - 1].text += line + [UInt8(ascii: "\n")]
            }
        }
    }

    var bytes: [UInt8] { files.flatMap { Array("=== \($0.path)\n".utf8) + $0.text } }
}

/// Other files of a kind: lines and words of one that are doubled, moved, left out or taken from others.
struct PathLinesMutation {
    private var files: [(path: String, text: [UInt8])] = []
    private var lines: [[UInt8]] = []
    private var words: [[UInt8]] = []

    init(seeds: [[UInt8]]) {
        for seed in seeds {
            for (path, text) in PathLines(seed).files {
                files.append((path, text))
                let lines = text.split(separator: UInt8(ascii: "\n")).map(Array.init)
                self.lines += lines
                words += lines.flatMap { Self.words($0) }.filter { $0.count > 1 }
            }
        }
    }

    /// Runs of letters and digits, and what stands between them.
    private static func words(_ line: [UInt8]) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var wasPlain: Bool?
        for byte in line {
            let isPlain = byte.isLetter || byte.isDigit || byte.isOne(of: "_")
            if isPlain == wasPlain { words[words.count - 1].append(byte) } else { words.append([byte]) }
            wasPlain = isPlain
        }
        return words
    }

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var lines = PathLines(input)
        for _ in 0..<Int.random(in: 1...3, using: &generator) { change(&lines, &generator) }
        return lines.bytes
    }

    private func change(_ input: inout PathLines, _ generator: inout SeededGenerator) {
        if input.files.isEmpty || generator.once(in: 12) {
            if let file = generator.pick(files) { input.files.append(file) }
            return
        }
        let place = Int.random(in: 0..<input.files.count, using: &generator)
        if generator.once(in: 20) {
            input.files.remove(at: place)
            return
        }
        if generator.once(in: 20) {
            input.files[place].text = ByteMutation.mutated(input.files[place].text, &generator)
            return
        }
        var text = input.files[place].text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map(Array.init)
        edit(&text, &generator)
        input.files[place].text = Array(text.joined(separator: [UInt8(ascii: "\n")]))
    }

    private func edit(_ text: inout [[UInt8]], _ generator: inout SeededGenerator) {
        guard !text.isEmpty else { return }
        let line = Int.random(in: 0..<text.count, using: &generator)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: text.insert(text[line], at: Int.random(in: 0..<text.count, using: &generator))
        case 1: text.remove(at: line)
        case 2: text.swapAt(line, Int.random(in: 0..<text.count, using: &generator))
        case 3: if let other = generator.pick(lines) { text.insert(other, at: line) }
        default:
            var words = Self.words(text[line])
            guard !words.isEmpty else { return }
            let place = Int.random(in: 0..<words.count, using: &generator)
            let hostile = Array((generator.pick(HostileText.all) ?? "").utf8).filter { $0 != UInt8(ascii: "\n") }
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: words.remove(at: place)
            case 1: words.insert(words[place], at: place)
            case 2: words[place] = hostile
            default: if let other = generator.pick(self.words) { words[place] = other }
            }
            text[line] = Array(words.joined())
        }
    }
}
