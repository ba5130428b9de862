import ArgumentParser
import Text

/// What `log` is to remove.
struct PruneOptions: ParsableArguments {
    @Option(
        name: .customLong("prune-older-than"),
        help: ArgumentHelp(
            "Remove changes older than this, such as 90d, 12w or 36h, except those that undo or unbind may still need.",
            valueName: "age"))
    var age: AgeArgument?

    @Flag(name: .long, help: "Remove those, too; only the newest change stays.")
    var force = false

    @Flag(name: [.customShort("n"), .long], help: "Show what would be removed, remove nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Option(
        name: .long,
        help: ArgumentHelp("How long to wait while another vfpool changes this host.", valueName: "seconds"))
    var lockWait = SecondsArgument(10)

    func validate() throws {
        guard age == nil else { return }
        for (isGiven, name) in [(force, "--force"), (dryRun, "--dry-run"), (yes, "--yes")] where isGiven {
            throw ValidationError("\(name) goes with --prune-older-than")
        }
    }
}

/// `90d`, `12w`, `36h`.
struct AgeArgument: ExpressibleByArgument {
    var seconds: Int
    var text: String

    private static let units: [UInt8: Int] = [
        UInt8(ascii: "h"): 3600, UInt8(ascii: "d"): 86_400, UInt8(ascii: "w"): 604_800,
    ]

    init?(argument: String) {
        guard let unit = argument.utf8.last.flatMap({ Self.units[$0] }),
            let number = Int(digits: String(decoding: argument.utf8.dropLast(), as: UTF8.self)), number < 1_000_000
        else { return nil }
        seconds = number * unit
        text = argument
    }
}
