import Model
import SRIOV
import Text

/// A line of a file.
struct Place: Hashable, Sendable {
    var path: String
    var line: Int
}

/// One line that sets a VF count: of what, to how many.
struct CountWrite: Sendable {
    enum Target: Sendable {
        /// A path, or a pattern of paths, in `/sys`.
        case file(String)
        /// A netdev's name, a PCI address or a MAC.
        case pf(String)
        /// A module's option, with a value for each of its PFs, or one for all.
        case driver(String, values: [String])
        /// A program that is not understood, and mentions the count.
        case mention(String)
    }

    enum Count: Sendable, Equatable {
        case number(Int)
        /// As many as the card can have.
        case possible
        case unknown
    }

    var target: Target
    var count: Count
    var place: Place
    /// Whether the line is run at boot.
    var isRun = Truth.yes
    /// Why it may not be.
    var doubt: String?

    /// Whether it sets this PF's count.
    func isFor(_ pf: PFTraits) -> Truth {
        switch target {
        case .file(let path): return pf.isCountFile(path)
        case .pf(let word): return pf.isMeant(by: word)
        case .driver(let name, let values):
            let isOwn = pf.driver.map { Self.module($0).isSame(as: Self.module(name)) } ?? false
            return Truth(isOwn && (values.count == 1 || pf.place < values.count))
        case .mention(let text):
            let words = Self.words(text)
            let own = [pf.address.description, pf.mac].compactMap(\.self) + pf.names
            if own.contains(where: { words.contains(Name($0)) }) { return .maybe }
            // It names others; a program that names none may mean any.
            let names = words.contains { PCIAddress($0.string) != nil || pf.otherNames.contains($0) && $0 != "lo" }
            return names ? .no : .maybe
        }
    }

    /// How many VFs it gives this PF.
    func count(of pf: PFTraits) -> Int? {
        if case .driver(_, let values) = target {
            let value = values.count == 1 ? values[0] : pf.place < values.count ? values[pf.place] : ""
            return Int(digits: value)
        }
        return switch count {
        case .number(let number): number
        case .possible: pf.possibleVFs
        case .unknown: nil
        }
    }

    /// Modules are called with dashes and underscores alike.
    private static func module(_ name: String) -> String { name.replacing(bytes: "-", with: "_") }

    private static func words(_ text: String) -> Set<Name> {
        var words: Set<Name> = []
        for part in text.split(bytes: { !($0.isLetter || $0.isDigit || $0.isOne(of: "._:-") || $0 >= 0x80) }) {
            words.insert(Name(part))
            words.insert(Name(part.asciiLowercased))
        }
        return words
    }
}

/// What programs of the boot do that matters here.
struct BootEffects: Sendable {
    var counts: [CountWrite] = []
    /// Netdevs that they set up.
    var linksUp: [String] = []

    /// Whether they set one of the PF's netdevs up.
    func setsUp(_ pf: PFTraits) -> Truth { linksUp.map { pf.isNamed($0) }.max() ?? .no }
}
