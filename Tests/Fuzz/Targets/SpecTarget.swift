import Model
import Spec
import TestSupport
import Text

@testable import vfpool

/// A spec in YAML or JSON: what is read is written, in both, and read as the same again.
struct SpecTarget: FuzzTarget {
    private let mutation = DataMutation(seeds: FuzzInputs.seeds("spec"))

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        mutation.mutated(input, &generator)
    }

    func run(_ input: [UInt8]) throws -> Bool {
        guard let spec = try FuzzHost.asked({ try SpecText(input, name: "spec").spec() }) else {
            _ = try FuzzHost.asked { try KnownHost(SpecText(input, name: "status.json")) }
            return false
        }
        try check(spec, spec.yaml)
        try check(spec, JSONText.of(spec.json, pretty: false))
        return true
    }

    private func check(_ spec: HostSpec, _ text: String) throws {
        let again: HostSpec
        do throws(Failure) {
            again = try SpecText(Array(text.utf8), name: "again").spec()
        } catch {
            throw Broken("what was written can't be read: \(error.message): \(text)")
        }
        try require(Self.plain(again) == Self.plain(spec), "what was written reads otherwise: \(text)")
    }

    /// Without lines, which are others, and in one order, for JSON has none.
    private static func plain(_ spec: HostSpec) -> HostSpec {
        var spec = spec
        for index in spec.pfs.indices { spec.pfs[index].origin = nil }
        for index in spec.pools.indices { spec.pools[index].origin = nil }
        for index in spec.guests.indices {
            spec.guests[index].origin = nil
            for place in spec.guests[index].interfaces.indices { spec.guests[index].interfaces[place].origin = nil }
        }
        spec.pfs.sort { $0.word < $1.word }
        spec.pools.sort { $0.name < $1.name }
        for index in spec.pools.indices { spec.pools[index].portgroups.sort { $0.name < $1.name } }
        spec.guests.sort { $0.name < $1.name }
        return spec
    }
}
