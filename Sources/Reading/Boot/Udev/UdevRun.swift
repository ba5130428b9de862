import Model
import SRIOV
import Text

/// One event of a device on its way through the rules.
struct UdevRun {
    private var device: UdevDevice
    private let action: String
    private let happens: Truth
    private let files: BootFiles
    private(set) var wanted: [UdevRules.Wanted] = []

    init(_ device: UdevDevice, _ action: String, _ happens: Truth, _ files: BootFiles) {
        (self.device, self.action, self.happens, self.files) = (device, action, happens, files)
    }

    /// - Returns: what the rules of one file do.
    mutating func follow(_ rules: [UdevRule], _ path: String) -> BootEffects {
        var effects = BootEffects()
        let labels = Set(rules.compactMap(\.label))
        // Where a jump leads that is taken, and those that may be.
        var goal: Name?
        var goals: Set<Name> = []
        for rule in rules {
            if let label = rule.label {
                if goal == label { goal = nil }
                goals.remove(label)
            }
            guard goal == nil else { continue }
            let isReached: Truth = goals.isEmpty ? .yes : .maybe
            if !rule.programs.isEmpty { run(programs: rule, path, isReached && happens, into: &effects) }
            let truth = UdevMatch(device: device, action: action).truth(rule) && isReached
            guard truth != .no else { continue }
            for part in rule.parts where !part.isMatch {
                act(part, Place(path: path, line: rule.line), truth, &effects)
            }
            guard let label = rule.goal, labels.contains(label) else { continue }
            if truth == .yes { goal = label } else { goals.insert(label) }
        }
        return effects
    }

    // MARK: What a rule does

    private mutating func act(
        _ part: UdevRule.Part, _ place: Place, _ truth: Truth, _ effects: inout BootEffects
    ) {
        let value = substituted(part.value)
        switch (part.key, part.attribute) {
        case ("ATTR", let attribute?):
            guard let file = file(attribute.string), PFTraits.isCountFile(file) else { return }
            effects.counts.append(
                CountWrite(
                    target: .file(file), count: ScriptValues(value).count, place: place, isRun: truth && happens,
                    doubt: Self.doubt(truth)))
        case ("ENV", "SYSTEMD_WANTS"?):
            wanted += value.words.map { (String($0), truth && happens) }
        case ("ENV", let name?):
            device.properties[name] = truth == .yes ? value : Glob.unknown
        case ("RUN", nil), ("RUN", "program"?):
            run(value, place, truth && happens, Self.doubt(truth), into: &effects)
        default: return
        }
    }

    private static func doubt(_ truth: Truth) -> String? {
        truth == .yes ? nil : "it is not known whether the rule matches the PF"
    }

    /// The path of an attribute that a rule writes.
    private func file(_ attribute: String) -> String? {
        if let (name, rest) = attribute.without(prefix: "[")?.cut(at: "]") {
            guard let (subsystem, device) = substituted(String(name)).cut(at: "/") else { return nil }
            let folder = subsystem.isSame(as: "pci") ? "/sys/bus/pci/devices" : "/sys/class/\(subsystem)"
            return "\(folder)/\(device)/\(rest)"
        }
        let folder = "/sys/bus/pci/devices/\(device.pf.address)"
        return device.isNetdev
            ? attribute.without(prefix: "device/").map { "\(folder)/\($0)" } : "\(folder)/\(attribute)"
    }

    /// Programs that are run to see whether the rule matches.
    private func run(programs rule: UdevRule, _ path: String, _ isReached: Truth, into effects: inout BootEffects) {
        let others = UdevRule(
            parts: rule.parts.filter { !rule.programs.contains($0) && $0.key != "RESULT" }, line: rule.line,
            isWhole: rule.isWhole)
        let truth = UdevMatch(device: device, action: action).truth(others) && isReached
        guard truth != .no else { return }
        for part in rule.programs {
            run(substituted(part.value), Place(path: path, line: rule.line), truth, Self.doubt(truth), into: &effects)
        }
    }

    private func run(
        _ line: String, _ place: Place, _ isRun: Truth, _ doubt: String?, into effects: inout BootEffects
    ) {
        var scope = ScriptScope(place.path, variables: device.properties.merging(["ACTION": action]) { $1 })
        (scope.isRun, scope.doubt) = (isRun, doubt)
        let run = ScriptRun(files)
        _ = run.call(UnitCommand.words(line).map { ScriptValues($0) }, &scope, line: place.line)
        effects.counts += run.effects.counts
    }

    // MARK: Substitutions

    private static let names: [(long: String, short: UInt8)] = [
        ("kernel", UInt8(ascii: "k")), ("number", UInt8(ascii: "n")), ("devpath", UInt8(ascii: "p")),
        ("id", UInt8(ascii: "b")), ("attr", UInt8(ascii: "s")), ("env", UInt8(ascii: "E")),
        ("sys", UInt8(ascii: "S")), ("driver", 0), ("name", 0),
    ]

    /// With `%k`, `$attr{…}` and the like replaced.
    private func substituted(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.utf8.firstIndex(where: { $0.isOne(of: "$%") }) {
            let sign = rest.utf8[start]
            result += rest[..<start]
            var after = rest[rest.utf8.index(after: start)...]
            rest = after.dropFirstBytes(1)
            guard let first = after.utf8.first else { return result }
            if first == sign {
                result += String(UnicodeScalar(sign))
                continue
            }
            var name: String?
            if sign == UInt8(ascii: "$") {
                name = Self.names.first { after.hasPrefix(bytes: $0.long) }?.long
                let length = name?.utf8.count ?? after.prefix(bytes: \.isLetter).utf8.count
                after = after.dropFirstBytes(length)
            } else {
                name = Self.names.first { $0.short == first }?.long
                after = after.dropFirstBytes(1)
            }
            var argument = ""
            if let (inside, behind) = after.without(prefix: "{")?.cut(at: "}") {
                argument = String(inside)
                after = behind
            }
            result += value(name ?? "", argument)
            rest = after
        }
        return result + rest
    }

    private func value(_ name: String, _ argument: String) -> String {
        let level = device.levels[0]
        switch name {
        case "kernel", "name": return level.name
        case "number":
            let digits = Array(level.name.utf8.reversed().prefix(while: \.isDigit))
            return String(decoding: digits.reversed(), as: UTF8.self)
        case "devpath": return device.properties["DEVPATH"] ?? Glob.unknown
        // Of the device that `KERNELS` and the like matched.
        case "id": return device.pf.address.description
        case "driver": return device.pf.driver ?? Glob.unknown
        case "sys": return "/sys"
        case "env": return device.properties[Name(argument)] ?? (device.knowsAllProperties ? "" : Glob.unknown)
        case "attr":
            for index in device.levels.indices {
                if case .known(let value) = device.attribute(argument, at: index) { return value }
            }
            return Glob.unknown
        default: return Glob.unknown
        }
    }
}
