import ArgumentParser
import Model
import Planning
import Text

/// `NAME[:vlan=ID][:default]`.
struct PortgroupArgument: ExpressibleByArgument {
    var name: Name
    var vlan: VLANArgument?
    var isDefault = false

    init?(argument: String) {
        let parts = argument.split(byte: ":", keepsEmpty: true)
        name = Name(parts[0])
        guard !name.isEmpty else { return nil }
        for part in parts.dropFirst() {
            if part == "default", !isDefault {
                isDefault = true
            } else if let id = part.without(prefix: "vlan="), vlan == nil {
                guard let tag = VLANArgument(argument: String(id)) else { return nil }
                vlan = tag
            } else {
                return nil
            }
        }
    }
}

/// One VLAN; several, which no virtual function can have, are told apart from a typing error.
struct VLANArgument: ExpressibleByArgument {
    private let tags: [Int]

    init?(argument: String) {
        let parts = argument.split(bytes: { $0.isOne(of: ",-") }).map { Int(digits: $0) }
        guard !parts.isEmpty, parts.allSatisfy({ $0 != nil }), argument.utf8.first?.isDigit ?? false else { return nil }
        tags = parts.compactMap(\.self)
    }

    /// - Throws: `vlan-trunk`.
    func tag(_ subject: String) throws(Failure) -> Int {
        guard let tag = tags.first, tags.count == 1 else { throw Planning.Arguments.trunk(subject) }
        return tag
    }
}

/// `4-7,9`.
struct IndicesArgument: ExpressibleByArgument {
    var indices: IndexSet

    init?(argument: String) {
        guard let indices = IndexSet(argument) else { return nil }
        self.indices = indices
    }
}

/// A MAC as people write it, checked for its form alone.
struct MACArgument: ExpressibleByArgument {
    var text: String

    init?(argument: String) {
        guard Planning.Arguments.mac(argument) != nil else { return nil }
        text = argument
    }
}

/// What a VF can't carry, and the user agrees to lose.
struct DropArgument: ExpressibleByArgument {
    static let known = ["filterref", "bandwidth", "port", "virtualport", "link", "vlan", "driver"]
    /// Of an interface that goes on a pool. One on a bridge may have lost its VLAN there.
    static let forPool = ArgumentHelp(
        "Drop features that a VF cannot provide: \(known.filter { !$0.isSame(as: "vlan") }.joined(separator: ", ")).",
        valueName: "list")
    var names: [String]

    init?(argument: String) {
        names = argument.split(byte: ",").map(String.init)
        guard !names.isEmpty, names.allSatisfy(Self.known.contains) else { return nil }
    }

    static var allValueStrings: [String] { known }
    static var defaultCompletionKind: CompletionKind { .list(known) }
}

/// A number of VFs.
struct CountArgument: ExpressibleByArgument {
    var value: Int

    init?(argument: String) {
        guard let number = Int(digits: argument), number < 65_536 else { return nil }
        value = number
    }
}

/// A span of time in seconds, also parts of one.
struct SecondsArgument: ExpressibleByArgument {
    var value: Double

    init(_ value: Double) { self.value = value }

    init?(argument: String) {
        guard argument.utf8.allSatisfy({ $0.isDigit || $0.isOne(of: ".") }), let value = Double(argument),
            value < 86_400
        else { return nil }
        self.value = value
    }

    var defaultValueDescription: String { value == value.rounded() ? String(Int(value)) : String(value) }
}
